// javascript/modelwise_panel.js: when the server is asked, and what its answers and the buttons do.

"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { element, loaded, page, pressed } = require("./support/page.js");

/** How often a trigger was pressed. */
const clicks = (shown, tab, name) => shown.elements[`#modelwise_${tab}_${name}`].clicks;

test("greets until the server has answered, and no longer", () => {
    const shown = page({ answered: false });
    shown.wait();
    assert.equal(clicks(shown, "txt2img", "greet"), 2);
    shown.elements["#modelwise_txt2img_line .modelwise-line"] = element();
    shown.wait();
    shown.wait();
    assert.equal(clicks(shown, "txt2img", "greet"), 2);
});

test("gives up where no answer ever comes", () => {
    const shown = page({ answered: false });
    for (let attempt = 0; attempt < 100; attempt += 1) shown.wait();
    assert.equal(clicks(shown, "txt2img", "greet"), 20);
    assert.equal(shown.timers.length, 0);
});

test("writes again what a page under construction has lost", () => {
    const { elements, updated, wait, touched } = page({ answered: false });
    const box = elements["#modelwise_txt2img_touched textarea"];
    const before = updated.filter((each) => each === box).length;
    wait();
    assert.ok(updated.filter((each) => each === box).length > before);
    assert.deepEqual(touched("txt2img"), []);
});

test("greets each tab when it is first seen", () => {
    const shown = page();
    assert.deepEqual([clicks(shown, "txt2img", "greet"), clicks(shown, "img2img", "greet")], [1, 0]);
    shown.elements["#tab_img2img"].offsetParent = {};
    shown.tabChanged();
    shown.tabChanged();
    assert.deepEqual([clicks(shown, "txt2img", "greet"), clicks(shown, "img2img", "greet")], [1, 1]);
});

test("follows the checkpoint and nothing else, in tabs that were seen", () => {
    const shown = page();
    shown.optionsChanged();
    shown.optionsChanged();
    assert.equal(clicks(shown, "txt2img", "refresh"), 0);
    shown.options.sd_model_checkpoint = "two";
    shown.optionsChanged();
    assert.deepEqual([clicks(shown, "txt2img", "refresh"), clicks(shown, "img2img", "refresh")], [1, 0]);
    assert.equal(clicks(shown, "txt2img", "act"), 0);
});

test("follows a host's own box for the checkpoint, of which no option tells", () => {
    const shown = page();
    shown.context.modelwise.checkpointChosen();
    assert.deepEqual([clicks(shown, "txt2img", "refresh"), clicks(shown, "img2img", "refresh")], [1, 0]);
});

test("fills the boxes when the checkpoint changes, where that is wanted", () => {
    const shown = page();
    shown.optionsChanged();
    Object.assign(shown.options, { sd_model_checkpoint: "two", modelwise_fill_on_change: true });
    shown.optionsChanged();
    assert.equal(clicks(shown, "txt2img", "act"), 1);
    assert.deepEqual(shown.acted("txt2img").action, { kind: "fill" });
});

test("asks after a change of a field, and of the second pass", () => {
    const shown = page();
    shown.wait();
    shown.elements["#txt2img_steps"].trigger("input");
    shown.wait();
    assert.equal(clicks(shown, "txt2img", "refresh"), 1);
    shown.asked("txt2img"); // the panel's event: from here on the preview can be asked for
    for (const [part, type] of [
        ["hr-checkbox", "change"],
        ["hr-checkbox", "input"],
        ["hr", "input"],
    ]) {
        const before = shown.questions.length;
        shown.elements[`#txt2img_${part}`].trigger(type);
        shown.wait();
        assert.equal(shown.questions.length, before + 1, part);
    }
    assert.equal(clicks(shown, "txt2img", "refresh"), 1);
});

test("an emptied prompt ends a paste, a changed one does not", () => {
    const { elements } = page();
    const [prompt, pasted] = [elements["#img2img_prompt textarea"], elements["#modelwise_img2img_pasted textarea"]];
    pasted.value = '{"ours": false}';
    prompt.value = "a";
    prompt.trigger("input");
    assert.equal(pasted.value, '{"ours": false}');
    prompt.value = " \n";
    prompt.trigger("input");
    assert.equal(pasted.value, "");
});

test("the host's button that empties the prompt ends a paste, too, when it has done so", () => {
    const shown = page();
    shown.wait();
    const [prompt, pasted] = ["#txt2img_prompt textarea", "#modelwise_txt2img_pasted textarea"].map(
        (selector) => shown.elements[selector],
    );
    [prompt.value, pasted.value] = ["a", '{"ours": false}'];
    shown.elements["#txt2img_clear_prompt"].trigger("click");
    const [first] = shown.timers;
    first.callback();
    assert.equal(pasted.value, '{"ours": false}');
    prompt.value = "";
    shown.wait();
    assert.equal(pasted.value, "");
});

test("Generate writes the used values back, where that is wanted", () => {
    const shown = page();
    shown.elements["#txt2img_generate"].trigger("click");
    shown.wait();
    assert.equal(clicks(shown, "txt2img", "act"), 0);
    shown.options.modelwise_write_back = true;
    shown.elements["#txt2img_generate"].trigger("click");
    assert.equal(clicks(shown, "txt2img", "act"), 0, "not before gradio has collected the values");
    shown.wait();
    assert.equal(clicks(shown, "txt2img", "act"), 1);
    assert.deepEqual(shown.acted("txt2img").action, { kind: "fill" });
});

test("what a button carries, as an action", () => {
    const { actionOf } = loaded().modelwise;
    const action = actionOf({ modelwise: "size", width: "832", height: "1216", other: "x" });
    assert.deepEqual({ ...action }, { kind: "size", name: "", width: 832, height: 1216 });
    assert.deepEqual({ ...actionOf({}) }, { kind: "", name: "", width: 0, height: 0 });
});

test("a button of a panel asks for its action, in its own tab", () => {
    const shown = page();
    pressed(shown, "img2img", { modelwise: "preset", name: "Fast" });
    assert.deepEqual([clicks(shown, "txt2img", "act"), clicks(shown, "img2img", "act")], [0, 1]);
    assert.deepEqual(shown.acted("img2img").action, { kind: "preset", name: "Fast", width: 0, height: 0 });
});

test("a click elsewhere asks for nothing", () => {
    const shown = page();
    shown.document.trigger("click", { target: {} });
    shown.document.trigger("click", { target: { closest: () => null } });
    assert.equal(clicks(shown, "txt2img", "act"), 0);
});

test("values, intent and touched fields from before the first preset come back", () => {
    const shown = page();
    const width = shown.elements["#txt2img_width input[type=number]"];
    shown.context.modelwise.touch("txt2img", ["steps"]);
    shown.elements["#modelwise_txt2img_year input"].value = "2007";
    width.value = "640";
    for (const [value, name] of [
        ["832", "One"],
        ["1024", "Two"],
    ]) {
        pressed(shown, "txt2img", { modelwise: "preset", name });
        shown.acted("txt2img");
        width.value = value;
        shown.context.modelwise.answered("txt2img", '{"touched":["size"]}');
    }
    assert.deepEqual(shown.touched("txt2img"), ["steps", "size"]);
    pressed(shown, "txt2img", { modelwise: "restore" });
    const asked = shown.acted("txt2img");
    assert.deepEqual(asked.values, { width: 640 });
    assert.deepEqual(asked.action.intent, { quality: "", rating: "", year: "2007" });
    shown.context.modelwise.answered("txt2img", '{"touched":null}');
    assert.deepEqual(shown.touched("txt2img"), ["steps"]);
});

test("Restore before any preset does nothing", () => {
    const shown = page();
    pressed(shown, "txt2img", { modelwise: "restore" });
    assert.equal(clicks(shown, "txt2img", "act"), 0);
});

test("an action's answer asks for the line anew; the line's own answer does not", () => {
    const shown = page();
    const before = clicks(shown, "txt2img", "refresh");
    shown.context.modelwise.answered("txt2img", '{"fields":{}}');
    shown.context.modelwise.answered("txt2img", "");
    assert.equal(clicks(shown, "txt2img", "refresh"), before);
    shown.context.modelwise.answered("txt2img", '{"touched":[]}');
    assert.equal(clicks(shown, "txt2img", "refresh"), before + 1);
});

test("an answer is heard once, however often the page changes", () => {
    const shown = page();
    const said = { ...element(), dataset: { answer: '{"touched":["steps"]}' }, outerHTML: "<p 1>" };
    shown.elements["#modelwise_txt2img"].querySelector = (selector) =>
        selector === "#modelwise_txt2img_message [data-answer]" ? said : null;
    const [changed] = shown.observers;
    const before = clicks(shown, "txt2img", "refresh");
    changed();
    changed();
    assert.deepEqual(shown.touched("txt2img"), ["steps"]);
    assert.equal(clicks(shown, "txt2img", "refresh"), before + 1);
    said.outerHTML = "<p 2>";
    changed();
    assert.equal(clicks(shown, "txt2img", "refresh"), before + 2);
});
