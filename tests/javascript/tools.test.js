// javascript/modelwise_tools.js: Format, Translate and Copy, and how a box is rewritten.

"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { page, settled } = require("./support/page.js");

const COPIED = {
    profile: "one",
    texts: [
        { title: "Prompt", text: "1girl, smile" },
        { title: "Negative prompt", text: "fog" },
        { title: "Hires prompt", text: 'night, "x"\nrain' },
    ],
    values: { width: 832, height: 1216, cfg_scale: 5, sampler: "Euler a", steps: 28 },
};

/** A page with its tools, and a prompt in both boxes. `answered`: the preview's last answer. */
function atWork(latest = { profile: "one" }) {
    const shown = page({ open: true });
    const { modelwise } = shown.context;
    modelwise.latest = () => latest;
    shown.prompt = shown.elements["#txt2img_prompt textarea"];
    shown.negative = shown.elements["#txt2img_neg_prompt textarea"];
    [shown.prompt.value, shown.negative.value] = ["smile, 1girl", "fog"];
    const [format, translate, copy, message] = modelwise.toolsOf("txt2img");
    Object.assign(shown, { format, translate, copy, message });
    shown.said = () => shown.message.textContent;
    shown.press = async (label) => {
        const found = shown.message.querySelectorAll("button").find((each) => each.textContent === label);
        found.click();
        await settled();
    };
    shown.answer = async (given, status) => {
        shown.questions.at(-1).answer(given, status);
        await settled();
    };
    return shown;
}

/** A browser's own way to insert text: into what is selected, as one step of its history. */
function inserting(shown) {
    const steps = [];
    shown.document.execCommand = (command, _dialogue, text = "") => {
        const box = shown.document.activeElement;
        const [from, to] = box.selected;
        steps.push([command, box.value]);
        box.value = box.value.slice(0, from) + text + box.value.slice(to);
        return true;
    };
    return steps;
}

test("a box is rewritten in one step of its history, and keeps the focus", () => {
    const shown = atWork();
    const steps = inserting(shown);
    shown.updated.length = 0;
    shown.context.modelwise.replaceText(shown.prompt, "1girl, smile");
    assert.equal(shown.prompt.value, "1girl, smile");
    assert.deepEqual(steps, [["insertText", "smile, 1girl"]]);
    assert.deepEqual(shown.updated, [shown.prompt]);
    assert.equal(shown.document.activeElement, shown.prompt);
});

test("a box is emptied the same way", () => {
    const shown = atWork();
    const steps = inserting(shown);
    shown.context.modelwise.replaceText(shown.prompt, "");
    assert.equal(shown.prompt.value, "");
    assert.deepEqual(steps, [["delete", "smile, 1girl"]]);
});

test("where the browser does not insert text, the box gets it all the same", () => {
    const shown = atWork();
    shown.updated.length = 0;
    shown.context.modelwise.replaceText(shown.prompt, "new");
    assert.equal(shown.prompt.value, "new");
    assert.deepEqual(shown.updated, [shown.prompt]);
});

test("the same text is not written, and no box is no error", () => {
    const shown = atWork();
    const steps = inserting(shown);
    shown.context.modelwise.replaceText(shown.prompt, "smile, 1girl");
    shown.context.modelwise.replaceText(null, "x");
    assert.deepEqual(steps, []);
});

test("Format asks for the shown model's order and writes the box", async () => {
    const shown = atWork();
    inserting(shown);
    shown.format.click();
    assert.deepEqual(shown.questions[0].asked, { prompt: "smile, 1girl", profile: "one" });
    await shown.answer({ prompt: "1girl, smile" });
    assert.equal(shown.prompt.value, "1girl, smile");
    assert.equal(shown.said(), "Formatted; Ctrl+Z in the box undoes it.");
});

test("Format says where there is nothing to do", async () => {
    const shown = atWork(null);
    shown.format.click();
    assert.equal(shown.questions[0].asked.profile, "auto");
    await shown.answer({ prompt: "smile, 1girl" });
    assert.equal(shown.said(), "In order already.");
});

test("Format leaves a box alone that was typed into meanwhile", async () => {
    const shown = atWork();
    shown.format.click();
    shown.prompt.value = "smile, 1girl, h";
    await shown.answer({ prompt: "1girl, smile" });
    assert.equal(shown.prompt.value, "smile, 1girl, h");
    assert.equal(shown.said(), "You have typed on: nothing was changed.");
});

test("an error is told, and the next try works", async () => {
    const shown = atWork();
    shown.format.click();
    await shown.answer({ error: "prompt: too long" }, 422);
    assert.equal(shown.said(), "prompt: too long");
    shown.format.click();
    await shown.answer({ prompt: "1girl, smile" });
    assert.equal(shown.prompt.value, "1girl, smile");
});

test("a second click while a tool works does nothing", async () => {
    const shown = atWork();
    shown.format.click();
    shown.format.click();
    shown.translate.click();
    assert.equal(shown.questions.length, 1);
    await shown.answer({ prompt: "1girl, smile" });
    assert.equal(shown.said(), "Formatted; Ctrl+Z in the box undoes it.");
});

const entry = (item, to) => ({ kind: "respelled", item, to, slot: null, where: "prompt", reason: "why" });
const TRANSLATED = {
    ...{ from: "two", to: "one", prompt: "high score, 1girl", negative: "low score" },
    report: [entry("score_9", "high score"), entry("source_x", null)],
};

test("Translate shows what would change and writes nothing", async () => {
    const shown = atWork();
    shown.translate.click();
    const { asked } = shown.questions[0];
    assert.deepEqual(asked, { prompt: "smile, 1girl", negative: "fog", from: "auto", to: "one" });
    await shown.answer(TRANSLATED);
    assert.equal(shown.said(), "From two to one:score_9 → high score whysource_x whyApplyCancel");
    assert.deepEqual([shown.prompt.value, shown.negative.value], ["smile, 1girl", "fog"]);
});

test("Apply writes both boxes", async () => {
    const shown = atWork();
    const steps = inserting(shown);
    shown.translate.click();
    await shown.answer(TRANSLATED);
    await shown.press("Apply");
    assert.deepEqual([shown.prompt.value, shown.negative.value], ["high score, 1girl", "low score"]);
    assert.equal(steps.length, 2);
    assert.equal(shown.said(), "Translated; Ctrl+Z in each box undoes it.");
    assert.equal(shown.document.activeElement, shown.prompt);
});

test("Cancel changes nothing and hands the focus back", async () => {
    const shown = atWork();
    shown.translate.click();
    await shown.answer(TRANSLATED);
    await shown.press("Cancel");
    assert.deepEqual([shown.prompt.value, shown.negative.value, shown.said()], ["smile, 1girl", "fog", ""]);
    assert.equal(shown.document.activeElement, shown.translate);
});

test("Apply leaves boxes alone that were typed into since", async () => {
    for (const box of ["prompt", "negative"]) {
        const shown = atWork();
        shown.translate.click();
        await shown.answer(TRANSLATED);
        shown[box].value += "!";
        const before = [shown.prompt.value, shown.negative.value];
        await shown.press("Apply");
        assert.deepEqual([shown.prompt.value, shown.negative.value], before);
        assert.equal(shown.said(), "You have typed on: nothing was changed.");
    }
});

test("Translate says where there is nothing to do", async () => {
    const shown = atWork();
    shown.translate.click();
    await shown.answer({ ...TRANSLATED, prompt: "smile, 1girl", negative: "fog" });
    assert.equal(shown.said(), "Nothing to translate.");
});

test("a preview as an infotext", () => {
    const { asText } = page().context.modelwise;
    assert.equal(
        asText(COPIED),
        "1girl, smile\nNegative prompt: fog\nSteps: 28, Sampler: Euler a, CFG scale: 5, Size: 832x1216, " +
            'Hires prompt: "night, \\"x\\"\\nrain"',
    );
    const bare = { texts: [{ title: "Prompt", text: "a" }], values: {} };
    assert.equal(asText(bare), "a");
});

test("Copy writes to the clipboard", async () => {
    const shown = atWork(COPIED);
    const copied = [];
    shown.context.navigator.clipboard = { writeText: (text) => Promise.resolve(copied.push(text)) };
    shown.copy.click();
    await settled();
    assert.deepEqual(copied, [shown.context.modelwise.asText(COPIED)]);
    assert.equal(shown.said(), "Copied.");
});

test("Copy works where the page has no clipboard, and says where nothing can be copied", async () => {
    for (const allowed of [true, false]) {
        const shown = atWork(COPIED);
        const { document } = shown;
        document.body = document.createElement("body");
        const copied = [];
        document.execCommand = (command) => {
            copied.push([command, document.body.children[0].value]);
            return allowed;
        };
        shown.copy.click();
        await settled();
        assert.deepEqual(copied, [["copy", shown.context.modelwise.asText(COPIED)]]);
        assert.equal(shown.said(), allowed ? "Copied." : "The browser does not allow copying here.");
        assert.deepEqual(document.body.children, []);
    }
});

test("Copy before the first answer says so", async () => {
    const shown = atWork(null);
    shown.copy.click();
    await settled();
    assert.equal(shown.said(), "There is nothing to copy yet.");
});
