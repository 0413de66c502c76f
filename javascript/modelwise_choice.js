// A choice of several with a search: what is chosen as buttons that take it back, the rest in a list to open.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    /** A choice of several. `none`: what it means that nothing is chosen; `changed`: called when the user chooses. */
    modelwise.multiChoice = function (name, none, most, changed) {
        const { element: make } = modelwise;
        /** @type {Map<string, HTMLInputElement>} */
        const boxes = new Map();
        /** @type {string[]} */
        let chosen = [];
        const search = modelwise.textBox({ type: "search", "aria-label": `Search: ${name}`, placeholder: "Search" }, "input");
        const list = make("ul", "modelwise-options", [], { "aria-label": name });
        const taken = make("span", "modelwise-taken");
        const open = make("details", "modelwise-choice", [make("summary", "", "Choose"), search, list]);
        const whole = make("fieldset", "modelwise-group", [make("legend", "", name), taken, open]);

        function show() {
            for (const [value, box] of boxes) {
                box.checked = chosen.includes(value);
                box.disabled = !box.checked && chosen.length >= most;
            }
            const buttons = chosen.map((value) => {
                const text = boxes.get(value)?.dataset.name ?? value;
                const button = modelwise.button(`${text} ✕`, () => toggle(value), `Take ${text} out`);
                return button;
            });
            taken.replaceChildren(...(buttons.length ? buttons : [none]));
        }

        function toggle(/** @type {string} */ value) {
            const had = chosen.includes(value);
            const inside = taken.contains(document.activeElement);
            chosen = had ? chosen.filter((each) => each !== value) : [...chosen, value].slice(0, most);
            show();
            if (inside) (taken.querySelector("button") ?? open.querySelector("summary"))?.focus();
            changed();
        }

        function filter() {
            for (const line of list.children) {
                const item = /** @type {HTMLElement} */ (line);
                item.hidden = !modelwise.finds(search.value, item.textContent ?? "");
            }
        }

        search.addEventListener("input", filter);
        modelwise.walk(list, "input");
        show();
        return {
            element: whole,
            values: () => chosen,
            choose(values) {
                chosen = values.slice(0, most);
                show();
            },
            offer(options) {
                boxes.clear();
                list.replaceChildren(
                    ...options.map(({ value, text, note }) => {
                        const box = modelwise.checkBox(false);
                        box.dataset.name = text;
                        box.addEventListener("change", () => toggle(value));
                        boxes.set(value, box);
                        return make("li", "", [modelwise.labelled(`${text}${note ? ` · ${note}` : ""}`, box)]);
                    }),
                );
                filter();
                show();
            },
        };
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
