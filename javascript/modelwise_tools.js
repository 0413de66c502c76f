// The preview's tools: Format, Translate and Copy, each at the user's click.
//
// A box is rewritten the way a user would do it, so that one Ctrl+Z brings the old text back.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    /** Replace a box's whole text in one step of its history, and tell gradio. */
    modelwise.replaceText = function (box, text) {
        if (!box || box.value === text) return;
        const active = document.activeElement;
        box.focus({ preventScroll: true });
        box.setSelectionRange(0, box.value.length);
        // What browsers have instead of it keeps no history.
        const done = text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
        if (!done || box.value !== text) box.value = text;
        updateInput(box);
        if (active instanceof HTMLElement && active !== box) active.focus({ preventScroll: true });
    };

    /** The buttons of a tab's preview. */
    modelwise.toolsOf = function (tab) {
        const { element: make } = modelwise;
        const message = make("span", "modelwise-said", [], { role: "status" });
        const say = (/** @type {string} */ text) => message.replaceChildren(text);
        /** @type {[string, string, () => Promise<string | Node>][]} */
        const tools = [
            ["Format", "Put the prompt box in the model's order, line by line; Ctrl+Z undoes", () => format(tab)],
            ["Translate", "Put both boxes into the words of the chosen model", () => translate(tab, say)],
            ["Copy", "Copy what Generate would make, as text", () => copy(tab)],
        ];
        const buttons = tools.map(([label, title, run]) => {
            const button = make("button", "modelwise-button", label, { type: "button", title });
            button.addEventListener("click", async () => {
                const said = await run().catch((/** @type {Error} */ error) => error.message);
                message.replaceChildren(said);
            });
            return button;
        });
        return [...buttons, message];
    };

    const promptBox = (/** @type {Tab} */ tab) => modelwise.box(`${tab}_prompt`);
    const negativeBox = (/** @type {Tab} */ tab) => modelwise.box(`${tab}_neg_prompt`);

    async function format(/** @type {Tab} */ tab) {
        const box = promptBox(tab);
        const prompt = box?.value ?? "";
        const profile = modelwise.latest(tab)?.profile ?? "auto";
        const answer = await modelwise.request("format", { prompt, profile });
        if (box?.value !== prompt) return "You have typed on: nothing was changed.";
        if (answer.prompt === prompt) return "In order already.";
        modelwise.replaceText(box, answer.prompt);
        return "Formatted; Ctrl+Z in the box undoes it.";
    }

    // The mapping is shown first; nothing is written until the user says so.
    async function translate(/** @type {Tab} */ tab, /** @type {(text: string) => void} */ say) {
        const prompt = promptBox(tab)?.value ?? "";
        const negative = negativeBox(tab)?.value ?? "";
        const to = modelwise.latest(tab)?.profile ?? "auto";
        const answer = await modelwise.request("translate", { prompt, negative, from: "auto", to });
        if (answer.prompt === prompt && answer.negative === negative) return "Nothing to translate.";
        const { element: make } = modelwise;
        const lines = answer.report.map((/** @type {Entry} */ entry) => {
            const words = entry.to === null ? entry.item : `${entry.item} → ${entry.to}`;
            return make("li", "", [words, make("span", "modelwise-reason", ` ${entry.reason}`)]);
        });
        const apply = make("button", "modelwise-button", "Apply", { type: "button" });
        apply.addEventListener("click", () => {
            const unchanged = promptBox(tab)?.value === prompt && negativeBox(tab)?.value === negative;
            if (!unchanged) return say("You have typed on: nothing was changed.");
            modelwise.replaceText(promptBox(tab), answer.prompt);
            modelwise.replaceText(negativeBox(tab), answer.negative);
            say("Translated; Ctrl+Z in each box undoes it.");
        });
        const cancel = make("button", "modelwise-button", "Cancel", { type: "button" });
        cancel.addEventListener("click", () => say(""));
        const from = answer.from ? `From ${answer.from} to ${answer.to}:` : `To ${answer.to}:`;
        return make("div", "modelwise-mapping", [from, make("ul", "", lines), apply, " ", cancel]);
    }

    async function copy(/** @type {Tab} */ tab) {
        const preview = modelwise.latest(tab);
        if (!preview) return "There is nothing to copy yet.";
        await write(modelwise.asText(preview));
        return "Copied.";
    }

    /** A preview in the WebUI's own form of a prompt with its settings. */
    modelwise.asText = function (preview) {
        const text = (/** @type {string} */ title) => preview.texts.find((each) => each.title === title)?.text ?? "";
        const negative = text("Negative prompt");
        const settings = preview.settings.map(({ name, value }) => `${name}: ${value}`).join(", ");
        return [text("Prompt"), negative && `Negative prompt: ${negative}`, settings].filter(Boolean).join("\n");
    };

    // A page that is not served over https has no clipboard of its own.
    async function write(/** @type {string} */ text) {
        if (navigator.clipboard) return navigator.clipboard.writeText(text);
        const box = document.createElement("textarea");
        box.value = text;
        document.body.append(box);
        box.select();
        const done = document.execCommand("copy");
        box.remove();
        if (!done) throw new Error("The browser does not allow copying here.");
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
