// Small controls that the tab's sections are made of. Text that comes from files is only ever put in as text.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const SAFE = ["http:", "https:"];
    const LARGEST_FILE = 1_000_000; // bytes, as the server has it

    /** A button that does something when it is pressed. */
    modelwise.button = function (label, act, title = "") {
        const made = modelwise.element("button", "modelwise-button", label, { type: "button", ...(title && { title }) });
        made.addEventListener("click", act);
        return made;
    };

    /** A text as a link, where its address is one that may be followed; else the text alone. */
    modelwise.link = function (text, address) {
        const words = text || address;
        const safe = URL.canParse?.(address) ?? /^https?:\/\//i.test(address);
        if (!safe || !SAFE.includes(new URL(address).protocol)) return modelwise.element("span", "", words);
        return modelwise.element("a", "", words, { href: address, target: "_blank", rel: "noopener noreferrer" });
    };

    /** A control with its name beside it. */
    modelwise.labelled = function (name, control) {
        const isBox = control instanceof HTMLInputElement && control.type === "checkbox";
        const words = modelwise.element("span", "", name);
        return modelwise.element("label", isBox ? "modelwise-check" : "modelwise-field", isBox ? [control, words] : [words, control]);
    };

    /** A box for text of one line or several. */
    modelwise.textBox = function (attributes = {}, kind = "textarea") {
        return /** @type {Box} */ (modelwise.element(kind, "modelwise-box", [], attributes));
    };

    /** A list to choose one from. `choices`: text by value. */
    modelwise.select = function (choices, attributes = {}) {
        const made = /** @type {HTMLSelectElement} */ (modelwise.element("select", "modelwise-box", [], attributes));
        modelwise.setChoices(made, choices);
        return made;
    };

    /** Give a list other choices; what is chosen stays where it is still there. */
    modelwise.setChoices = function (list, choices) {
        const chosen = list.length ? list.value : null;
        list.replaceChildren(
            ...Object.entries(choices).map(([value, text]) => modelwise.element("option", "", text, { value })),
        );
        if (chosen !== null && chosen in choices) list.value = chosen;
    };

    /** A check box. */
    modelwise.checkBox = function (checked, attributes = {}) {
        const made = /** @type {HTMLInputElement} */ (modelwise.element("input", "", [], { type: "checkbox", ...attributes }));
        made.checked = checked;
        return made;
    };

    /** A table; its first row names the columns. */
    modelwise.table = function (title, head, rows) {
        const { element: make } = modelwise;
        const names = make("tr", "", head.map((name) => make("th", "", name, { scope: "col" })));
        const lines = rows.map((row) => make("tr", "", row.map((cell) => make("td", "", cell))));
        const whole = make("table", "modelwise-table", [
            ...(title ? [make("caption", "", title)] : []),
            make("thead", "", [names]),
            make("tbody", "", lines),
        ]);
        return make("div", "modelwise-scroll", [whole], { tabindex: "0", role: "region", "aria-label": title || head.join(", ") });
    };

    /** Let the arrow keys go from one of a place's elements to the next. */
    modelwise.walk = function (place, selector) {
        place.addEventListener("keydown", (event) => {
            const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
            const seen = [...place.querySelectorAll(selector)].filter(
                (each) => /** @type {HTMLElement} */ (each).offsetParent !== null,
            );
            const at = seen.indexOf(/** @type {Element} */ (event.target));
            const next = /** @type {HTMLElement | undefined} */ (by && at >= 0 ? seen[at + by] : undefined);
            if (!next) return;
            event.preventDefault();
            next.focus();
        });
    };

    /** Whether a text holds all words of a search, in any order. */
    modelwise.finds = function (search, text) {
        const lower = text.toLowerCase();
        return search
            .toLowerCase()
            .split(/\s+/)
            .every((word) => lower.includes(word));
    };

    /** Have the browser save a text as a file. */
    modelwise.download = function (name, text) {
        const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
        const made = modelwise.element("a", "", "", { href: address, download: name });
        document.body.append(made);
        made.click();
        made.remove();
        setTimeout(() => URL.revokeObjectURL(address));
    };

    /** A file that the user picks, as text. Throws an Error that can be shown. */
    modelwise.readFile = async function (file) {
        if (file.size > LARGEST_FILE) {
            const size = (file.size / LARGEST_FILE).toFixed(1);
            throw new Error(`${file.name}: found ${size} MB; allowed: at most 1 MB`);
        }
        return file.text();
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
