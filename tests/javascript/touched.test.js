// The pure parts of javascript/modelwise_touched.js, and its page part on a page of plain objects.

"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const test = require("node:test");
const vm = require("node:vm");

const FILE = path.join(__dirname, "..", "..", "javascript", "modelwise_touched.js");
const SOURCE = fs.readFileSync(FILE, "utf8");
const TABS = ["txt2img", "img2img"];

/** The script's global object after it ran beside the given globals. */
function loaded(globals = {}) {
    const context = vm.createContext({ ...globals });
    vm.runInContext(SOURCE, context, { filename: FILE });
    return context;
}

/** An element that remembers its listeners; `trigger` sends it an event. */
function element(value = "") {
    const listeners = {};
    return {
        value,
        clicks: 0,
        click() {
            this.clicks += 1;
        },
        addEventListener(type, listener) {
            (listeners[type] ??= []).push(listener);
        },
        trigger(type, more = {}) {
            const target = { closest: (selector) => (more.inside?.(selector) ? this : null) };
            for (const listener of listeners[type] ?? []) {
                listener({ type, isTrusted: true, target, ...more });
            }
        },
    };
}

/** A page with all that the script looks for, already loaded. */
function page({ without = [], answered = true } = {}) {
    const elements = {};
    for (const tab of TABS) {
        for (const part of ["width", "height", "res_switch_btn", "cfg_scale", "steps", "sampling", "scheduler"]) {
            elements[`#${tab}_${part}`] = element();
        }
        elements[`#${tab}_prompt textarea`] = element();
        for (const part of ["touched", "pasted"]) elements[`#modelwise_${tab}_${part} textarea`] = element();
        elements[`#modelwise_${tab}_refresh`] = element();
        const text = { textContent: answered ? "a line" : " " };
        elements[`#modelwise_${tab}_line`] = Object.assign(text, { querySelector: () => text.textContent.trim() });
    }
    without.forEach((selector) => delete elements[selector]);
    const shown = { elements, updated: [], document: element(), ready: [], optionsChanged: [], timers: [] };
    shown.options = { sd_model_checkpoint: "one" };
    const find = (selector) => {
        const found = selector.split(",").map((each) => elements[each.trim()]);
        return found.find(Boolean) ?? null;
    };
    shown.context = loaded({
        gradioApp: () => ({ querySelector: find, querySelectorAll: (selector) => [find(selector)].filter(Boolean) }),
        setTimeout: (callback) => shown.timers.push(callback),
        updateInput: (box) => shown.updated.push(box),
        onUiLoaded: (callback) => shown.ready.push(callback),
        onOptionsChanged: (callback) => shown.optionsChanged.push(callback),
        document: shown.document,
        opts: shown.options,
    });
    shown.ready.forEach((callback) => callback());
    shown.touched = (tab) => JSON.parse(elements[`#modelwise_${tab}_touched textarea`].value);
    return shown;
}

test("runs where there is no page, and keeps what others have put there", () => {
    const before = { other: 1 };
    const { modelwise } = loaded({ modelwise: before });
    assert.equal(modelwise, before);
    assert.equal(modelwise.other, 1);
});

test("runs twice, as after a reload of the interface", () => {
    const context = loaded();
    vm.runInContext(SOURCE, context);
    assert.equal(typeof context.modelwise.fieldOf, "function");
});

test("leaves one global", () => {
    assert.deepEqual(Object.keys(loaded()), ["modelwise"]);
});

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

test("asks again until the server has answered, and no longer", () => {
    const { elements, timers } = page({ answered: false });
    const [refresh, line] = ["refresh", "line"].map((part) => elements[`#modelwise_txt2img_${part}`]);
    const wait = () => timers.splice(0).forEach((callback) => callback());
    wait();
    assert.equal(refresh.clicks, 2);
    line.textContent = "Recognised.";
    wait();
    assert.equal(refresh.clicks, 2);
    for (let attempt = 0; attempt < 100; attempt += 1) wait();
    assert.ok(elements["#modelwise_img2img_refresh"].clicks > 2, "each tab for itself");
    assert.equal(timers.length, 0, "gives up in the end");
});

test("what was lost is written again", () => {
    const { elements, timers, updated, touched } = page({ answered: false });
    const box = elements["#modelwise_txt2img_touched textarea"];
    const before = updated.filter((each) => each === box).length;
    timers.splice(0).forEach((callback) => callback());
    assert.ok(updated.filter((each) => each === box).length > before);
    assert.deepEqual(touched("txt2img"), []);
});

test("an untouched page says so", () => {
    const { touched } = page();
    TABS.forEach((tab) => assert.deepEqual(touched(tab), []));
});

test("the page is told of what we write", () => {
    const { elements, updated } = page();
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

test("a click elsewhere, or by a script, touches nothing", () => {
    const shown = page();
    clicked(shown, "", "txt2img");
    clicked(shown, "txt2img_generate", "txt2img");
    clicked(shown, "paste", "txt2img", { isTrusted: false });
    shown.document.trigger("click", { target: {} });
    TABS.forEach((tab) => assert.deepEqual(shown.touched(tab), []));
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

test("the line follows the checkpoint and nothing else", () => {
    const { elements, options, optionsChanged } = page();
    const button = elements["#modelwise_txt2img_refresh"];
    optionsChanged.forEach((callback) => callback());
    const before = button.clicks;
    optionsChanged.forEach((callback) => callback());
    assert.equal(button.clicks, before);
    options.sd_model_checkpoint = "two";
    optionsChanged.forEach((callback) => callback());
    assert.equal(button.clicks, before + 1);
});

test("a host without a field, or without our panel, is no error", () => {
    const missing = ["#txt2img_scheduler", "#txt2img_res_switch_btn", "#modelwise_img2img_touched textarea"];
    missing.push("#modelwise_img2img_refresh", "#img2img_prompt textarea");
    const { elements, touched } = page({ without: missing });
    elements["#img2img_width"].trigger("input");
    elements["#txt2img_sampling"].trigger("input");
    assert.deepEqual(touched("txt2img"), ["sampler"]);
});
