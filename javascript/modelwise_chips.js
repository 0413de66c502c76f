// How the preview looks: warnings first, the texts as chips by slot, the settings, and a word on the chip at hand.
//
// Its size is fixed, so nothing on the page moves when an answer comes. Text from the server is put in as text.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    /** @type {Record<string, string>} */
    const SIGNS = { added: "+", moved: "↕", respelled: "~", left_out: "−" };
    const HINT = "Point at a tag, or go there with Tab and the arrow keys, to read why it stands there.";

    /** An element with its class, its text or children, and its attributes. */
    modelwise.element = function (name, kind, content = [], attributes = {}) {
        const made = document.createElement(name);
        if (kind) made.className = kind;
        made.append(...(Array.isArray(content) ? content : [content]));
        Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
        return made;
    };
    const make = modelwise.element;

    /** The parts of a tab's preview; made when it is first needed. */
    function partsOf(/** @type {Tab} */ tab) {
        const place = gradioApp().querySelector(`#modelwise_${tab}_preview`);
        if (!place) return null;
        if (!place.querySelector(".modelwise-preview")) {
            const head = make("div", "modelwise-tools");
            const body = make("div", "modelwise-body", [], { tabindex: "-1" });
            const word = make("p", "modelwise-word", HINT, { role: "status" });
            const whole = make("section", "modelwise-preview", [head, body, word], { "aria-label": "Preview" });
            place.append(whole);
            head.append(...modelwise.toolsOf(tab));
            watch(body, word);
        }
        const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (place.querySelector(name));
        return { tools: part(".modelwise-tools"), body: part(".modelwise-body"), word: part(".modelwise-word") };
    }

    const chipsIn = (/** @type {Element} */ body) =>
        /** @type {HTMLElement[]} */ ([...body.querySelectorAll(".modelwise-chip")]);

    const focusedIn = (/** @type {Element} */ body) =>
        chipsIn(body).indexOf(/** @type {HTMLElement} */ (document.activeElement));

    /** Show an answer. */
    modelwise.showPreview = function (tab, preview) {
        const parts = partsOf(tab);
        if (!parts) return;
        const at = focusedIn(parts.body);
        parts.body.replaceChildren(
            ...preview.warnings.map(warning),
            ...preview.texts.flatMap(text),
            ...(preview.settings.length ? [settings(preview.settings)] : []),
        );
        parts.word.textContent = HINT;
        const chips = chipsIn(parts.body);
        chips[0]?.setAttribute("tabindex", "0");
        if (at >= 0) chips[Math.min(at, chips.length - 1)]?.focus({ preventScroll: true });
    };

    /** Say why there is no preview. */
    modelwise.showNoPreview = function (tab, reason) {
        const parts = modelwise.isOpen(tab) ? partsOf(tab) : null;
        parts?.body.replaceChildren(make("p", "modelwise-attention", `No preview: ${reason}`));
    };

    function warning(/** @type {Warned} */ { text: words, action }) {
        const line = make("p", "modelwise-attention", words);
        if (action === "grouping") {
            const button = make("button", "modelwise-button", "Keep my grouping", { type: "button" });
            button.dataset.modelwise = action;
            line.append(" ", button);
        }
        return line;
    }

    function text(/** @type {PreviewText} */ { title, tokens, pieces, left_out: without }) {
        const name = make("span", "", title);
        const count = make("small", "", tokens ? ` ${tokens.count}/${tokens.limit}` : "", { title: "Tokens" });
        const chips = [...pieces.map(chip), ...without.map(missing)];
        return [make("h4", "modelwise-title", [name, count]), make("ul", "modelwise-chips", chips, { "aria-label": title })];
    }

    function chip(/** @type {Piece} */ piece) {
        if (piece.kind !== "item") return make("li", "modelwise-keyword", piece.text, { "data-word": piece.why });
        const signs = piece.changes.map((change) => SIGNS[change] ?? "").join("");
        const found = make("li", "modelwise-chip", piece.text, { tabindex: "-1" });
        if (signs) found.prepend(make("span", "modelwise-sign", signs));
        found.dataset.slot = piece.slot ?? "general";
        found.dataset.word = modelwise.wordOn(piece);
        return found;
    }

    function missing(/** @type {Entry} */ { item, reason }) {
        const sign = make("span", "modelwise-sign", SIGNS.left_out ?? "");
        const found = make("li", "modelwise-chip modelwise-missing", [sign, item], { tabindex: "-1" });
        found.dataset.word = `${item}: left out of what Modelwise adds, as ${reason}`;
        return found;
    }

    /** What is said of a chip. */
    modelwise.wordOn = function (piece) {
        const why = piece.source ? `${piece.why} (${piece.source})` : piece.why;
        const written = piece.written !== null && piece.written !== piece.text ? `you wrote ${piece.written}` : "";
        const changes = piece.changes.map((change, at) => `${change}: ${piece.reasons[at] ?? ""}`);
        const card = piece.card && `the card: ${piece.card}`;
        const other = piece.otherwise && `what would change it: ${piece.otherwise}`;
        const head = piece.slot ? `${piece.text} [${piece.slot}]` : piece.text;
        return [head, why, written, ...changes, card, other].filter(Boolean).join(" · ");
    };

    function settings(/** @type {PreviewSetting[]} */ found) {
        const lines = found.map(({ name, value, reason }) => {
            const words = make("span", "modelwise-reason", ` ${reason}`);
            return make("li", "", [`${name} ${value}`, words]);
        });
        return make("ul", "modelwise-settings", lines, { "aria-label": "Settings" });
    }

    /** A chip says its word when it is pointed at or has the focus; the arrow keys go from one to the next. */
    function watch(/** @type {HTMLElement} */ body, /** @type {HTMLElement} */ word) {
        const say = (/** @type {Event} */ event) => {
            const target = /** @type {HTMLElement} */ (event.target).closest("[data-word]");
            if (target instanceof HTMLElement) word.textContent = target.dataset.word ?? "";
        };
        ["mouseover", "focusin", "click"].forEach((type) => body.addEventListener(type, say));
        body.addEventListener("keydown", (event) => {
            const chips = chipsIn(body);
            const from = focusedIn(body);
            const last = chips.length - 1;
            /** @type {Record<string, number>} */
            const places = { ArrowRight: from + 1, ArrowDown: from + 1, ArrowLeft: from - 1, ArrowUp: from - 1, Home: 0 };
            const to = event.key === "End" ? last : places[event.key];
            if (from < 0 || to === undefined || to < 0 || to > last) return;
            event.preventDefault();
            chips[from]?.setAttribute("tabindex", "-1");
            chips[to]?.setAttribute("tabindex", "0");
            chips[to]?.focus();
        });
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
