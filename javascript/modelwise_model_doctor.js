// The doctor of the loaded model: looks when it is asked, repairs in memory when it is asked, and takes that back.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    /** The part of the section; nothing is asked before a button is pressed. */
    modelwise.modelDoctor = function () {
        const { element: make } = modelwise;
        const said = make("div", "modelwise-answer", [], { role: "status" });
        const check = modelwise.button("Check the loaded model", () => ask("GET"), "Look at the position ids of the model in memory");
        const repair = modelwise.button("Repair in memory", () => ask("POST"), "Put the position ids right; no file is written");
        const undo = modelwise.button("Undo", () => ask("DELETE"), "Put back what stood there before the repair");
        repair.hidden = undo.hidden = true;

        async function ask(/** @type {"GET" | "POST" | "DELETE"} */ method) {
            try {
                const body = method === "POST" ? {} : null;
                show(await modelwise.request("doctor/model", body, null, method));
            } catch (error) {
                said.replaceChildren(make("p", "", `Not done: ${/** @type {Error} */ (error).message}`));
            }
        }

        function show(/** @type {ModelHealth} */ { checkpoint, says, repairable, findings, changes }) {
            const words = [make("p", "", checkpoint ? `${checkpoint}: ${says}` : says)];
            if (changes.length) words.push(make("ul", "", changes.map((change) => make("li", "", change))));
            if (findings.length) words.push(modelwise.findingList(findings));
            said.replaceChildren(...words);
            const hadFocus = [repair, undo].some((button) => button === document.activeElement);
            repair.hidden = !repairable;
            undo.hidden = !changes.length;
            if (hadFocus && document.activeElement === document.body) (undo.hidden ? check : undo).focus();
        }

        const heading = make("h4", "", "The loaded model");
        return make("div", "modelwise-model-doctor", [heading, make("div", "modelwise-row", [check, repair, undo]), said]);
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
