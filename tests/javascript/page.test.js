// javascript/modelwise_page.js: what goes to the server with a question, and what is written into the page.

"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { loaded, page } = require("./support/page.js");

/** A page whose txt2img is filled in. */
function filled() {
    const shown = page();
    const values = { width: "832", height: "1216", cfg_scale: "5.5", steps: "28" };
    for (const [part, value] of Object.entries(values)) {
        shown.elements[`#txt2img_${part} input[type=number]`].value = value;
    }
    shown.elements["#txt2img_sampling input"].value = "Euler a";
    shown.elements["#txt2img_prompt textarea"].value = 'a "quoted" one,\n日本';
    shown.elements["#txt2img_neg_prompt textarea"].value = "bad";
    return shown;
}

test("a question carries what the boxes hold", () => {
    assert.deepEqual(filled().asked("txt2img"), {
        prompt: 'a "quoted" one,\n日本',
        negative: "bad",
        values: { width: 832, height: 1216, cfg_scale: 5.5, steps: 28, sampler: "Euler a" },
        hires: null,
    });
});

test("the question's other inputs stay as they are", () => {
    const inputs = filled().context.modelwise.asked("txt2img", ["old", "auto", ["a", "b"], null]);
    assert.deepEqual([...inputs.slice(1)], ["auto", ["a", "b"], null]);
});

test("an emptied or unreadable number is left out", () => {
    const shown = filled();
    shown.elements["#txt2img_width input[type=number]"].value = "";
    shown.elements["#txt2img_steps input[type=number]"].value = "many";
    const { values } = shown.asked("txt2img");
    assert.deepEqual(Object.keys(values), ["height", "cfg_scale", "sampler"]);
});

test("samplers shown as radio buttons: the checked one counts", () => {
    const shown = filled();
    shown.elements["#txt2img_sampling input:checked"] = { value: "DDIM" };
    assert.equal(shown.asked("txt2img").values.sampler, "DDIM");
});

test("each tab speaks of its own boxes", () => {
    assert.deepEqual(filled().asked("img2img").values, {});
});

test("a host without the boxes is no error", () => {
    const { elements } = page();
    const empty = page({ without: Object.keys(elements) });
    assert.deepEqual(empty.asked("txt2img"), { prompt: "", negative: "", values: {}, hires: null });
});

test("the second pass is told of where it is on", () => {
    const shown = filled();
    shown.elements["#txt2img_hr_scale input[type=number]"].value = "1.5";
    assert.equal(shown.asked("txt2img").hires, null);
    shown.elements["#txt2img_hr-checkbox input"].checked = true;
    const empty = { scale: 1.5, width: 0, height: 0, prompt: "", negative: "", checkpoint: "" };
    assert.deepEqual(shown.asked("txt2img").hires, empty);
    const box = (value) => ({ value });
    shown.elements["#hires_prompt textarea"] = box("night");
    shown.elements["#hires_neg_prompt textarea"] = box("fog");
    shown.elements["#hr_checkpoint input"] = box("other.safetensors");
    const own = { prompt: "night", negative: "fog", checkpoint: "other.safetensors" };
    assert.deepEqual(shown.asked("txt2img").hires, { ...empty, ...own });
});

test("an action goes with its own event, once, in its own tab, in its turn", () => {
    const shown = filled();
    const { modelwise } = shown.context;
    modelwise.act("txt2img", { kind: "preset", name: "One" });
    modelwise.act("txt2img", { kind: "preset", name: "Two" });
    assert.equal(shown.elements["#modelwise_txt2img_act"].clicks, 2);
    assert.equal(shown.acted("img2img").action.kind, "");
    assert.equal("action" in shown.asked("txt2img"), false, "a look takes no action along");
    assert.deepEqual(shown.acted("txt2img").action, { kind: "preset", name: "One" });
    assert.deepEqual(shown.acted("txt2img").action, { kind: "preset", name: "Two" });
    assert.deepEqual(shown.acted("txt2img").action, { kind: "" });
});

test("an action may bring values of its own", () => {
    const shown = filled();
    shown.context.modelwise.act("txt2img", { kind: "restore", values: { width: 64 }, intent: { year: "2007" } });
    const acted = shown.acted("txt2img");
    assert.deepEqual(acted.values, { width: 64 });
    assert.deepEqual(acted.action, { kind: "restore", intent: { year: "2007" } });
});

test("the intent by our names", () => {
    const shown = filled();
    shown.elements["#modelwise_txt2img_rating input"].value = "general";
    const intent = shown.context.modelwise.intent("txt2img");
    assert.deepEqual({ ...intent }, { quality: "", rating: "general", year: "" });
});

test("the element of each field of ours", () => {
    const { elementOf } = loaded().modelwise;
    const found = ["width", "height", "cfg_scale", "steps", "sampler", "scheduler", "clip_skip"];
    const parts = found.map((name) => elementOf("img2img", name));
    assert.deepEqual(parts.slice(0, 6), [
        "img2img_width",
        "img2img_height",
        "img2img_cfg_scale",
        "img2img_steps",
        "img2img_sampling",
        "img2img_scheduler",
    ]);
    assert.equal(parts[6], null);
});

test("gradio is told of a text that is written, and only of a new one", () => {
    const { context, elements, updated } = page();
    const box = elements["#txt2img_prompt textarea"];
    updated.length = 0;
    context.modelwise.write(box, "new");
    context.modelwise.write(box, "new");
    context.modelwise.write(null, "nowhere");
    assert.equal(box.value, "new");
    assert.deepEqual(updated, [box]);
});

test("many calls settle into one, as late as the last asks for", () => {
    const shown = page();
    shown.wait();
    let calls = 0;
    const ask = shown.context.modelwise.settled(() => (calls += 1), 400);
    [1, 2, 3].forEach(ask);
    assert.equal(calls, 0);
    assert.deepEqual(
        shown.timers.map((timer) => timer.milliseconds),
        [400],
    );
    shown.wait();
    assert.equal(calls, 1);
    ask();
    shown.wait();
    assert.equal(calls, 2);
});
