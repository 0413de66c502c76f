// What the lab shows of each profile: the texts as chips, settings, warnings, every item with its reason, and buttons.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    /** Show results side by side; what was opened, and the place of the focus, stay as they are. */
    modelwise.showLabResults = function (place, results) {
        const old = /** @type {HTMLElement[]} */ ([...place.children]);
        const kept = results.map((result) => {
            const found = old.find((each) => each.dataset.profile === result.profile) ?? column(result);
            fill(found, result);
            return found;
        });
        old.filter((each) => !kept.includes(each)).forEach((each) => each.remove());
        // A column that stands in its place already is not moved: it would lose the focus.
        kept.forEach((each, at) => place.children[at] === each || place.insertBefore(each, place.children[at] ?? null));
    };

    /** The result that a column shows. @type {WeakMap<HTMLElement, LabResult>} */
    const shown = new WeakMap();

    function column(/** @type {LabResult} */ { profile, name }) {
        const { element: make } = modelwise;
        const { body, word } = modelwise.previewBody();
        const said = make("span", "modelwise-said", [], { role: "status" });
        const whole = make("section", "modelwise-preview modelwise-column", [], { "aria-label": name });
        const text = (/** @type {string} */ title) =>
            shown.get(whole)?.texts.find((each) => each.title === title)?.text ?? "";
        const copy = async () => {
            const done = modelwise.copyText(asText(/** @type {LabResult} */ (shown.get(whole)), text));
            said.textContent = await done.then(
                () => "Copied.",
                (/** @type {Error} */ error) => error.message,
            );
        };
        const send = () => modelwise.sendToTxt2img(text("Prompt"), text("Negative prompt"));
        const buttons = [
            modelwise.button("Copy", copy, `Copy what ${name} makes of it`),
            modelwise.button("Send to txt2img", send, "Write both texts into txt2img's boxes; Ctrl+Z there undoes it"),
        ];
        const why = make("details", "modelwise-why", [make("summary", "", "Every item, and why"), make("div", "")]);
        whole.dataset.profile = profile;
        whole.append(make("h3", "", name), make("div", "modelwise-tools", [...buttons, said]), body, word, why);
        why.addEventListener("toggle", () => explain(whole));
        return whole;
    }

    function fill(/** @type {HTMLElement} */ whole, /** @type {LabResult} */ result) {
        const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (whole.querySelector(name));
        shown.set(whole, result);
        part("h3").textContent = result.name;
        part(".modelwise-said").textContent = "";
        modelwise.fillPreview(part(".modelwise-body"), part(".modelwise-word"), result);
        explain(whole);
    }

    /** The table of all items, made when it is open. */
    function explain(/** @type {HTMLElement} */ whole) {
        const why = /** @type {HTMLDetailsElement} */ (whole.querySelector(".modelwise-why"));
        const result = shown.get(whole);
        const tables = why.open && result ? result.texts.map(items) : [];
        why.querySelector("div")?.replaceChildren(...tables);
    }

    function items(/** @type {PreviewText} */ { title, pieces, left_out: without }) {
        const rows = pieces.map((piece) => [
            modelwise.verbatim(piece.text),
            piece.slot ?? piece.kind,
            modelwise.verbatim(piece.written ?? "–"),
            piece.changes.map((change, at) => `${change}: ${piece.reasons[at] ?? ""}`).join("; "),
            [piece.why, piece.source, piece.card].filter(Boolean).join(" · "),
            piece.otherwise,
        ]);
        const gone = without.map(({ item, slot, reason }) => [modelwise.verbatim(item), slot ?? "", "–", `left out: ${reason}`, "", ""]);
        const head = ["Item", "Slot", "You wrote", "What happened", "Why, and what the card says", "What would change it"];
        return modelwise.table(title, head, [...rows, ...gone]);
    }

    /** A result as text, in the WebUI's own form where it has one. */
    function asText(/** @type {LabResult} */ { settings }, /** @type {(title: string) => string} */ text) {
        const negative = text("Negative prompt");
        const line = settings.map(({ name, value }) => `${name}: ${value}`).join(", ");
        return [text("Prompt"), negative && `Negative prompt: ${negative}`, line].filter(Boolean).join("\n");
    }

    /** Write both texts into txt2img's boxes, as a user would, and go there. */
    modelwise.sendToTxt2img = function (prompt, negative) {
        const tabs = gradioApp().querySelector("#tabs");
        /** @type {HTMLElement | null | undefined} */
        const first = tabs?.querySelector(":scope > .tab-nav > button, :scope > div > button[role='tab']");
        first?.click(); // txt2img is the first tab, whatever its title is in the user's language
        const write = () => {
            modelwise.replaceText(modelwise.box("txt2img_neg_prompt"), negative);
            modelwise.replaceText(modelwise.box("txt2img_prompt"), prompt);
        };
        // A box that can't be seen yet has no history to write into.
        setTimeout(write);
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
