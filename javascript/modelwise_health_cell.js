// The cell that says how a checkpoint's file is: its mark, a button that examines it, and the findings below its row.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const COLUMNS = 5;

    /** A row's last cell, and what shows in it what is known by then. `health`: what that is; `learnt`: called with a new answer; `say`: says a sentence. */
    modelwise.healthCell = function (row, { health, learnt, say }) {
        const { element: make } = modelwise;
        /** @type {HTMLElement | null} */
        let details = null;
        let asks = false;
        const mark = make("span", "");
        const examine = modelwise.button("Examine", ask, `Examine the file of ${row.checkpoint}`);
        examine.setAttribute("aria-label", `Examine ${row.checkpoint}`);
        const toggle = modelwise.button("Findings", () => open(!details));
        toggle.setAttribute("aria-label", `Findings in ${row.checkpoint}`);
        const cell = make("td", "", [make("div", "modelwise-assigned", [mark, toggle, examine])], {
            "data-label": "Health",
            role: "cell",
        });

        function show() {
            const known = health();
            mark.replaceChildren(modelwise.healthMark(known));
            toggle.hidden = !known;
            open(Boolean(details));
        }

        /** The row below this one, or none. */
        function open(/** @type {boolean} */ wanted) {
            const known = health();
            details?.remove();
            details = null;
            if (wanted && known) {
                const whole = make("td", "", [modelwise.healthDetails(known)], { colspan: String(COLUMNS), role: "cell" });
                details = make("tr", "modelwise-details", [whole], { role: "row" });
                cell.closest("tr")?.after(details);
            }
            toggle.setAttribute("aria-expanded", String(Boolean(details)));
        }

        async function ask() {
            if (asks) return;
            asks = true;
            try {
                const found = await modelwise.examineOne(row.checkpoint);
                learnt(found);
                if (found.findings.length) open(true);
                say(`${row.checkpoint}: ${modelwise.healthWords(found)}`);
            } catch (error) {
                say(`Not examined: ${/** @type {Error} */ (error).message}`);
            } finally {
                asks = false;
            }
        }

        show();
        return { cell, show };
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
