// Our accordions by keyboard: in gradio 3 their heads are no buttons.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    /** Make the heads of a tab's accordions operable by keyboard, where the host has not. */
    modelwise.makeOperable = function (tab) {
        /** @type {NodeListOf<HTMLElement>} */
        const heads = gradioApp().querySelectorAll(`#modelwise_${tab} .label-wrap`);
        [...heads].filter((head) => head.tagName !== "BUTTON").forEach(operable);
    };

    function operable(/** @type {HTMLElement} */ head) {
        const say = () => head.setAttribute("aria-expanded", String(head.classList.contains("open")));
        head.setAttribute("role", "button");
        head.tabIndex = 0;
        say();
        new MutationObserver(say).observe(head, { attributes: true, attributeFilter: ["class"] });
        head.addEventListener("keydown", (event) => {
            if (event.target !== head || (event.key !== "Enter" && event.key !== " ")) return;
            event.preventDefault(); // a space would scroll the page
            head.click();
        });
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
