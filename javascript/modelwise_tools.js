// The preview's tools: Format, Translate and Copy, each at the user's click.
//
// A box is rewritten the way a user would do it, so that one Ctrl+Z brings the old text back.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    /** The WebUI's names in its own order. @type {Record<string, string>} */
    const NAMES = {
        steps: "Steps",
        sampler: "Sampler",
        scheduler: "Schedule type",
        cfg_scale: "CFG scale",
        clip_skip: "Clip skip",
        noise_schedule: "Noise Schedule",
    };

    /** Replace a box's whole text in one step of its history, and tell gradio. The box has the focus afterwards, so
     *  that Ctrl+Z means it. */
    modelwise.replaceText = function (box, text) {
        if (!box || box.value === text) return;
        box.focus({ preventScroll: true });
        box.setSelectionRange(0, box.value.length);
        modelwise.isWriting = true; // to the page it looks as if someone typed
        // What browsers have instead of it keeps no history.
        const done = text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
        if (!done || box.value !== text) box.value = text;
        updateInput(box);
        modelwise.isWriting = false;
    };

    /** The buttons of a tab's preview, and the place of what they say. One works at a time. */
    modelwise.toolsOf = function (tab) {
        const { element: make } = modelwise;
        const message = make("div", "modelwise-said", [], { role: "status" });
        const say = (/** @type {string | Node} */ said) => message.replaceChildren(said);
        /** @type {[string, string, (button: HTMLElement) => Promise<string | Node>][]} */
        const tools = [
            ["Format", "Put the prompt box in the model's order, line by line; Ctrl+Z undoes", () => format(tab)],
            [
                "Translate",
                "Put both boxes into the words of the chosen model; you see what changes first",
                (button) => translate(tab, say, button),
            ],
            ["Copy", "Copy what Generate would make, as an infotext", () => copy(tab)],
        ];
        let working = false;
        const buttons = tools.map(([label, title, run]) => {
            const button = make("button", "modelwise-button", label, { type: "button", title });
            button.addEventListener("click", async () => {
                if (working) return;
                working = true;
                say(await run(button).catch((/** @type {Error} */ error) => error.message));
                working = false;
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
    async function translate(
        /** @type {Tab} */ tab,
        /** @type {(said: string | Node) => void} */ say,
        /** @type {HTMLElement} */ button,
    ) {
        const prompt = promptBox(tab)?.value ?? "";
        const negative = negativeBox(tab)?.value ?? "";
        const to = modelwise.latest(tab)?.profile ?? "auto";
        const answer = await modelwise.request("translate", { prompt, negative, from: "auto", to });
        if (answer.prompt === prompt && answer.negative === negative) return "Nothing to translate.";
        return mapping(answer, {
            Apply: () => {
                const unchanged = promptBox(tab)?.value === prompt && negativeBox(tab)?.value === negative;
                if (!unchanged) return say("You have typed on: nothing was changed.");
                modelwise.replaceText(negativeBox(tab), answer.negative);
                modelwise.replaceText(promptBox(tab), answer.prompt);
                return say("Translated; Ctrl+Z in each box undoes it.");
            },
            Cancel: () => {
                say("");
                button.focus();
            },
        });
    }

    /** What a translation would change, and the buttons under it. */
    function mapping(/** @type {Translation} */ answer, /** @type {Record<string, () => void>} */ actions) {
        const { element: make } = modelwise;
        const lines = answer.report.map((entry) => {
            const words = entry.to === null ? entry.item : `${entry.item} → ${entry.to}`;
            return make("li", "", [words, make("span", "modelwise-reason", ` ${entry.reason}`)]);
        });
        const buttons = Object.entries(actions).map(([label, act]) => {
            const button = make("button", "modelwise-button", label, { type: "button" });
            button.addEventListener("click", act);
            return button;
        });
        const from = answer.from ? `From ${answer.from} to ${answer.to}:` : `To ${answer.to}:`;
        return make("div", "modelwise-mapping", [from, make("ul", "", lines), make("div", "modelwise-row", buttons)]);
    }

    async function copy(/** @type {Tab} */ tab) {
        const preview = modelwise.latest(tab);
        if (!preview) return "There is nothing to copy yet.";
        await modelwise.copyText(modelwise.asText(preview));
        return "Copied.";
    }

    /** A preview as an infotext, the WebUI's own form of a prompt with its settings: pasted, it makes the same. */
    modelwise.asText = function (preview) {
        const text = (/** @type {string} */ title) => preview.texts.find((each) => each.title === title)?.text ?? "";
        const negative = text("Negative prompt");
        const { width, height, ...others } = preview.values;
        const settings = Object.entries(NAMES).map(([name, title]) => [title, others[name]]);
        if (width && height) settings.push(["Size", `${width}x${height}`]);
        for (const title of ["Hires prompt", "Hires negative prompt"]) {
            if (text(title)) settings.push([title, JSON.stringify(text(title))]);
        }
        const line = settings.filter(([, value]) => value !== undefined).map(([title, value]) => `${title}: ${value}`);
        return [text("Prompt"), negative && `Negative prompt: ${negative}`, line.join(", ")].filter(Boolean).join("\n");
    };

    /** Copy a text. A page that is not served over https has no clipboard of its own. */
    modelwise.copyText = async function (text) {
        if (navigator.clipboard) return navigator.clipboard.writeText(text);
        const box = document.createElement("textarea");
        box.value = text;
        document.body.append(box);
        box.select();
        const done = document.execCommand("copy");
        box.remove();
        if (!done) throw new Error("The browser does not allow copying here.");
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
