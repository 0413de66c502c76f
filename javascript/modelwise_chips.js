// How the preview looks: warnings first, the texts as chips by slot, the settings, and a word on the chip at hand.
//
// Its size is fixed, so nothing on the page moves when an answer comes. Text from the server is put in as text, and
// what the user wrote is never translated.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    /** @type {Record<string, string>} */
    const SIGNS = { added: "+", moved: "↕", respelled: "~", left_out: "−" };
    const HINT = "Point at a tag, or go there with Tab and the arrow keys, to read why it stands there.";
    const MOST = 300; // chips of one text; more would hold up the page, and nobody reads them

    /** An element with its class, its text or children, and its attributes. */
    modelwise.element = function (name, kind, content = [], attributes = {}) {
        const made = document.createElement(name);
        if (kind) made.className = kind;
        made.append(...(Array.isArray(content) ? content : [content]));
        Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
        return made;
    };
    const make = modelwise.element;

    /** Text that the WebUI's localization leaves alone: it replaces whole text nodes. */
    modelwise.verbatim = function (words) {
        const [first = ""] = words;
        return [first, words.slice(first.length)];
    };
    const { verbatim } = modelwise;

    /** The parts of a tab's preview; made when it is first needed. */
    function partsOf(/** @type {Tab} */ tab) {
        const place = gradioApp().querySelector(`#modelwise_${tab}_preview`);
        if (!place) return null;
        if (!place.querySelector(".modelwise-preview")) {
            const head = make("div", "modelwise-tools");
            const { body, word } = modelwise.previewBody();
            const whole = make("section", "modelwise-preview", [head, body, word], { "aria-label": "Preview" });
            place.append(whole);
            head.append(...modelwise.toolsOf(tab)); // last: titles are translated on what is added itself
        }
        const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (place.querySelector(name));
        return { tools: part(".modelwise-tools"), body: part(".modelwise-body"), word: part(".modelwise-word") };
    }

    const chipsIn = (/** @type {Element} */ body) =>
        /** @type {HTMLElement[]} */ ([...body.querySelectorAll(".modelwise-chip")]);

    const focusedIn = (/** @type {Element} */ body) =>
        chipsIn(body).indexOf(/** @type {HTMLElement} */ (document.activeElement));

    /** Show an answer; before the first one, the preview's place. */
    modelwise.showPreview = function (tab, preview) {
        const parts = partsOf(tab);
        if (parts && preview) modelwise.fillPreview(parts.body, parts.word, preview);
    };

    /** A place for an answer, and one for the word on the chip at hand. */
    modelwise.previewBody = function () {
        const body = make("div", "modelwise-body", [], { tabindex: "-1" });
        const word = make("p", "modelwise-word", HINT, { role: "status" });
        watch(body, word);
        return { body, word };
    };

    /** Put an answer's warnings, texts and settings into such a place. */
    modelwise.fillPreview = function (body, word, preview) {
        const focused = body.contains(document.activeElement);
        const at = Math.max(focusedIn(body), 0);
        body.replaceChildren(
            ...preview.warnings.map(warning),
            ...preview.texts.flatMap(text),
            ...(preview.settings.length ? [settings(preview.settings)] : []),
        );
        if (word.textContent !== HINT) word.textContent = HINT; // the same again would be read out again
        const chips = chipsIn(body);
        const next = chips[focused ? Math.min(at, chips.length - 1) : 0];
        next?.setAttribute("tabindex", "0");
        if (focused) (next ?? body).focus({ preventScroll: true });
    };

    /** Say why there is no preview. */
    modelwise.showNoPreview = function (tab, reason) {
        const parts = modelwise.isOpen(tab) ? partsOf(tab) : null;
        parts?.body.replaceChildren(make("p", "modelwise-attention", ["No preview:", ` ${reason}`]));
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
        const chips = [...pieces.slice(0, MOST).map(chip), ...without.map(missing)];
        const more = pieces.length - MOST;
        if (more > 0) chips.splice(MOST, 0, make("li", "modelwise-keyword", `… and ${more} more`));
        return [make("h4", "modelwise-title", [name, count]), make("ul", "modelwise-chips", chips, { "aria-label": title })];
    }

    /** One chip of the list; its signs say what happened to it. */
    function listed(/** @type {string} */ kind, /** @type {string} */ words, /** @type {string[]} */ changes) {
        const signs = changes.map((change) => SIGNS[change] ?? "").join("");
        const sign = signs ? [make("span", "modelwise-sign", signs)] : [];
        return make("li", kind, [...sign, ...verbatim(words)], { tabindex: "-1" });
    }

    function chip(/** @type {Piece} */ piece) {
        if (piece.kind === "keyword") {
            return make("li", "modelwise-keyword", verbatim(piece.text), { "data-word": piece.why });
        }
        const found = listed("modelwise-chip", piece.text, piece.changes);
        found.dataset.slot = piece.slot ?? "general";
        found.dataset.word = modelwise.wordOn(piece);
        return found;
    }

    function missing(/** @type {Entry} */ { item, reason }) {
        const found = listed("modelwise-chip modelwise-missing", item, ["left_out"]);
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

    /** A chip says its word when it is pointed at or has the focus; the arrow keys go from one to the next, and
     *  Tab comes back to the last one. */
    function watch(/** @type {HTMLElement} */ body, /** @type {HTMLElement} */ word) {
        const say = (/** @type {Event} */ event) => {
            /** @type {HTMLElement | null} */
            const target = /** @type {HTMLElement} */ (event.target).closest("[data-word]");
            if (target) word.replaceChildren(...verbatim(target.dataset.word ?? ""));
        };
        ["mouseover", "focusin", "click"].forEach((type) => body.addEventListener(type, say));
        body.addEventListener("focusin", () => {
            const focused = chipsIn(body)[focusedIn(body)];
            if (!focused) return;
            body.querySelector(".modelwise-chip[tabindex='0']")?.setAttribute("tabindex", "-1");
            focused.setAttribute("tabindex", "0");
        });
        body.addEventListener("keydown", (event) => {
            const chips = chipsIn(body);
            const from = focusedIn(body);
            const last = chips.length - 1;
            /** @type {Record<string, number>} */
            const places = { ArrowRight: from + 1, ArrowDown: from + 1, ArrowLeft: from - 1, ArrowUp: from - 1, Home: 0 };
            const to = event.key === "End" ? last : places[event.key];
            if (from < 0 || to === undefined || to < 0 || to > last) return;
            event.preventDefault();
            chips[to]?.focus();
        });
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
