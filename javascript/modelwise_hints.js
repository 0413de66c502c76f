// The values that will be set, shown beside the boxes before Generate: `→ 832`.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const CLASS = "modelwise-hint";

    /** A value as it is shown: numbers without trailing zeros. */
    modelwise.hint = function (value) {
        return `→ ${typeof value === "number" ? Number(value.toFixed(2)) : value}`;
    };

    /** Show the values that will be set in a tab, and take away what no longer holds. */
    modelwise.showHints = function (tab, fields) {
        for (const name of ["width", "height", "cfg_scale", "steps", "sampler", "scheduler"]) {
            const id = modelwise.elementOf(tab, name);
            const element = id ? gradioApp().querySelector(`#${id}`) : null;
            if (element) show(element, name in fields ? modelwise.hint(fields[name]) : "");
        }
    };

    function show(/** @type {Element} */ element, /** @type {string} */ text) {
        const place = element.querySelector("[data-testid=block-info]") ?? element.querySelector("label span, label");
        let hint = element.querySelector(`.${CLASS}`);
        if (!text) {
            hint?.remove();
            return;
        }
        if (!hint) {
            hint = document.createElement("span");
            hint.className = CLASS;
            hint.setAttribute("title", "Modelwise sets this when you generate");
            place?.append(hint);
        }
        if (hint.textContent !== text) hint.textContent = text;
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
