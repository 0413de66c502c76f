// javascript/modelwise_touched.js: which fields the user has touched.

"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { TABS, loaded, page } = require("./support/page.js");

test("field of an element", () => {
    const { fieldOf } = loaded().modelwise;
    const fields = { width: "size", height: "size", res_switch_btn: "size", cfg_scale: "cfg_scale" };
    Object.assign(fields, { steps: "steps", sampling: "sampler", scheduler: "sampler" });
    for (const tab of TABS) {
        for (const [part, field] of Object.entries(fields)) assert.equal(fieldOf(tab, `${tab}_${part}`), field);
    }
    for (const id of ["txt2img_seed", "width", "txt2img_width2", "img2img_width", "", "txt2img_hires_steps"]) {
        assert.equal(fieldOf("txt2img", id), null, id);
    }
});

test("events that change a value", () => {
    const { changes } = loaded().modelwise;
    assert.equal(changes("input", false, undefined), true);
    assert.equal(changes("change", false, undefined), true);
    assert.equal(changes("mousedown", true, undefined), true);
    assert.equal(changes("mousedown", false, undefined), false);
    assert.equal(changes("keydown", false, "Enter"), true);
    for (const key of ["Tab", "Escape", "Shift", "a"]) assert.equal(changes("keydown", false, key), false, key);
});

test("an untouched page says so", () => {
    const { touched } = page();
    TABS.forEach((tab) => assert.deepEqual(touched(tab), []));
});

test("the page is told of what we write", () => {
    const { elements, updated } = page({ hidden: [] });
    TABS.forEach((tab) => assert.ok(updated.includes(elements[`#modelwise_${tab}_touched textarea`])));
});

test("a field is touched by the user, in its own tab, once", () => {
    const { elements, touched } = page();
    elements["#txt2img_width"].trigger("input");
    elements["#txt2img_height"].trigger("change");
    elements["#txt2img_sampling"].trigger("mousedown", { inside: () => true });
    assert.deepEqual(touched("txt2img"), ["size", "sampler"]);
    assert.deepEqual(touched("img2img"), []);
});

test("what a script writes into a field touches nothing", () => {
    const { elements, touched } = page();
    elements["#txt2img_width"].trigger("input", { isTrusted: false });
    elements["#txt2img_steps"].trigger("change", { isTrusted: false });
    assert.deepEqual(touched("txt2img"), []);
});

test("opening a list or walking by keyboard touches nothing", () => {
    const { elements, touched } = page();
    elements["#txt2img_sampling"].trigger("mousedown");
    elements["#txt2img_sampling"].trigger("keydown", { key: "Tab" });
    assert.deepEqual(touched("txt2img"), []);
});

/** A click on a button of this id that stands in a tab, or in none. */
function clicked(shown, id, inside, more = {}) {
    const button = { id, closest: (selector) => (selector === `#tab_${inside}` ? {} : null) };
    const target = { closest: (selector) => (selector === "button[id]" && id ? button : null) };
    shown.document.trigger("click", { target, ...more });
}

const ALL = ["cfg_scale", "sampler", "size", "steps"];

test("the tab that a button fills", () => {
    const { filledTab } = loaded().modelwise;
    const filled = { txt2img_tab: "txt2img", img2img_tab: "img2img", inpaint_tab: "img2img" };
    Object.assign(filled, { txt2img_send_to_img2img: "img2img", txt2img_send_to_inpaint: "img2img" });
    Object.assign(filled, { img2img_send_to_inpaint: "img2img", extras_send_to_txt2img: "txt2img" });
    for (const [id, tab] of Object.entries(filled)) assert.equal(filledTab(id, null), tab, id);
    const others = ["txt2img_send_to_extras", "extras_tab", "txt2img_generate", "txt2img", "img2img", ""];
    others.push("img2img_inpaint_tab", "img2img_img2img_tab", "extras_single_tab", "paste2", "mytxt2img_tab");
    for (const id of others) assert.equal(filledTab(id, "txt2img"), null, id);
    for (const tab of TABS) assert.equal(filledTab("paste", tab), tab);
    assert.equal(filledTab("paste", null), null);
});

test("pasting touches every field of its own tab", () => {
    const shown = page();
    clicked(shown, "paste", "img2img");
    assert.deepEqual(shown.touched("img2img").sort(), ALL);
    assert.deepEqual(shown.touched("txt2img"), []);
});

test("sending touches every field of the tab it goes to", () => {
    const shown = page();
    clicked(shown, "img2img_tab", "pnginfo");
    assert.deepEqual(shown.touched("txt2img"), []);
    assert.deepEqual(shown.touched("img2img").sort(), ALL);
    clicked(shown, "txt2img_tab", "pnginfo");
    assert.deepEqual(shown.touched("txt2img").sort(), ALL);
});

const KEPT = { "state-txt2img_width": "640", "state-txt2img_steps": "9", "state-img2img_scheduler": "Karras" };

/** A script gives a value to the box of an element, or chooses the option that says so. */
function written(shown, id, value, more = {}) {
    const option = more.option ? { lastChild: { wholeText: ` ${value}  ` } } : null;
    const closest = (selector) => (selector === "li" ? option : selector === `#${id}` ? {} : null);
    const type = option ? "mousedown" : "input";
    shown.document.trigger(type, { isTrusted: false, target: { value: option ? 0 : value, closest }, ...more });
}

/** All that was remembered comes back, and something that was not. */
function putBack(shown) {
    written(shown, "txt2img_width", "640");
    written(shown, "txt2img_steps", "9");
    written(shown, "txt2img_cfg_scale", "9");
    written(shown, "img2img_scheduler", "Karras", { option: true });
}

function isBack(shown) {
    assert.deepEqual(shown.touched("txt2img"), ["size", "steps"]);
    assert.deepEqual(shown.touched("img2img"), ["sampler"]);
}

test("what another extension puts back is the user's: before our script has seen the page", () => {
    isBack(page({ kept: KEPT, hidden: [], early: putBack }));
});

test("the same before the settings have come, and after", () => {
    const before = page({ kept: KEPT });
    putBack(before);
    isBack(before);
    const after = page({ kept: KEPT });
    after.optionsChanged();
    assert.deepEqual(after.touched("txt2img"), []); // remembered, but not put back
    putBack(after);
    isBack(after);
});

test("the server is asked again when something was put back", () => {
    const shown = page({ kept: KEPT });
    shown.wait();
    const { clicks } = shown.elements["#modelwise_txt2img_refresh"];
    written(shown, "txt2img_width", "640");
    shown.wait();
    assert.equal(shown.elements["#modelwise_txt2img_refresh"].clicks, clicks + 1);
});

test("another value, another element or nothing remembered: a script's writing stays a script's", () => {
    const kept = { ...KEPT };
    const shown = page({ kept });
    written(shown, "txt2img_width", "512");
    kept["state-txt2img_width"] = "512"; // as the other extension does with whatever is written
    written(shown, "txt2img_width", "512");
    written(shown, "txt2img_hr_resize_x", "640");
    written(shown, "img2img_scheduler", "Exponential", { option: true });
    TABS.forEach((tab) => assert.deepEqual(shown.touched(tab), []));
    const empty = page();
    putBack(empty);
    TABS.forEach((tab) => assert.deepEqual(empty.touched(tab), []));
});

test("a browser that keeps nothing for a page", () => {
    const shown = page({
        get kept() {
            return new Proxy({}, { ownKeys: () => assert.fail("no storage") });
        },
    });
    putBack(shown);
    TABS.forEach((tab) => assert.deepEqual(shown.touched(tab), []));
});

test("a click elsewhere, or by a script, touches nothing", () => {
    const shown = page();
    clicked(shown, "", "txt2img");
    clicked(shown, "txt2img_generate", "txt2img");
    clicked(shown, "paste", "txt2img", { isTrusted: false });
    shown.document.trigger("click", { target: {} });
    TABS.forEach((tab) => assert.deepEqual(shown.touched(tab), []));
});


test("a host without a field is no error", () => {
    const missing = ["#txt2img_scheduler", "#txt2img_res_switch_btn", "#modelwise_img2img_touched textarea"];
    const { elements, touched } = page({ without: missing });
    elements["#img2img_width"].trigger("input");
    elements["#txt2img_sampling"].trigger("input");
    assert.deepEqual(touched("txt2img"), ["sampler"]);
});

test("the touched fields can be set, added to and asked for", () => {
    const { context, touched } = page();
    const { modelwise } = context;
    modelwise.touch("txt2img", ["size", "steps"]);
    modelwise.touch("txt2img", ["size"]);
    assert.deepEqual([...modelwise.touchedFields("txt2img")], ["size", "steps"]);
    assert.deepEqual([...modelwise.touchedFields("img2img")], []);
    modelwise.setTouched("txt2img", ["sampler"]);
    assert.deepEqual(touched("txt2img"), ["sampler"]);
});

test("the user's change is told of, a script's is not", () => {
    const { context, elements } = page();
    let calls = 0;
    context.modelwise.watchFields("txt2img", () => (calls += 1));
    elements["#txt2img_steps"].trigger("change", { isTrusted: false });
    assert.equal(calls, 0);
    elements["#txt2img_steps"].trigger("input");
    assert.equal(calls, 1);
});
