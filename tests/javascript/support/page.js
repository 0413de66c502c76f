// Our scripts, loaded as the WebUI loads them, alone or on a page of plain objects.

"use strict";

const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

const { furnish } = require("./dom.js");

const FOLDER = path.join(__dirname, "..", "..", "..", "javascript");
const TABS = ["txt2img", "img2img"];
const NUMBERS = ["width", "height", "cfg_scale", "steps", "hr_scale", "hr_resize_x", "hr_resize_y"];
const NAMES = ["sampling", "scheduler"];

/** Run every script in the order of their names, in one scope. */
function run(context) {
    for (const name of fs.readdirSync(FOLDER).sort()) {
        if (!name.endsWith(".js")) continue;
        const file = path.join(FOLDER, name);
        vm.runInContext(fs.readFileSync(file, "utf8"), context, { filename: file });
    }
    return context;
}

/** The scripts' global object after they ran beside the given globals. */
function loaded(globals = {}) {
    return run(vm.createContext({ ...globals }));
}

/** An element that remembers its listeners; `trigger` sends it an event. */
function element(value = "") {
    const listeners = {};
    return {
        value,
        clicks: 0,
        dataset: {},
        offsetParent: {},
        textContent: "",
        outerHTML: "",
        click() {
            this.clicks += 1;
            this.trigger("click");
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
        querySelector: () => null,
    };
}

/** A text box that can be selected and has the focus when it is written into. */
function textBox() {
    return Object.assign(element(), {
        focus() {
            this.document.activeElement = this;
        },
        setSelectionRange(from, to) {
            this.selected = [from, to];
        },
    });
}

/** Stands in for the server: each question waits until the test answers it. */
function server(shown) {
    return (address, { body, signal = null, method = "GET" } = {}) =>
        new Promise((resolve, reject) => {
            const answer = (given, status = 200) =>
                resolve({
                    ok: status < 400,
                    status,
                    json: () => (given === undefined ? Promise.reject(new Error("no JSON")) : Promise.resolve(given)),
                });
            const question = { address, method, asked: body && JSON.parse(body), signal, answer };
            question.fail = () => reject(new TypeError("Failed to fetch"));
            shown.questions.push(question);
            signal?.addEventListener("abort", () => reject(signal.reason));
            if (signal?.aborted) reject(signal.reason);
        });
}

/** Lets everything that waits for an answer go on. */
const settled = () =>
    new Promise((done) => {
        setImmediate(done);
    });

/** All elements that the scripts look for, by selector. */
function elementsOf(tab) {
    const found = {};
    for (const part of [...NUMBERS, ...NAMES, "res_switch_btn", "clear_prompt", "generate", "hr", "hr-checkbox"]) {
        found[`#${tab}_${part}`] = element();
    }
    NUMBERS.forEach((part) => (found[`#${tab}_${part} input[type=number]`] = element()));
    NAMES.forEach((part) => (found[`#${tab}_${part} input`] = element()));
    found[`#${tab}_hr-checkbox input`] = element();
    for (const part of ["prompt", "neg_prompt"]) found[`#${tab}_${part} textarea`] = textBox();
    for (const part of ["touched", "pasted"]) found[`#modelwise_${tab}_${part} textarea`] = element();
    for (const part of ["quality", "rating", "year"]) found[`#modelwise_${tab}_${part} input`] = element();
    for (const part of ["refresh", "greet", "act", "line"]) found[`#modelwise_${tab}_${part}`] = element();
    found[`#modelwise_${tab}`] = element();
    found[`#tab_${tab}`] = element();
    return found;
}

/** The elements of both tabs, as far as the page's options have them. */
function elementsOn(document, { without = [], hidden = ["img2img"], answered = true, open = false }) {
    const elements = Object.assign({}, ...TABS.map(elementsOf));
    for (const tab of TABS) {
        if (hidden.includes(tab)) elements[`#tab_${tab}`].offsetParent = null;
        if (answered) elements[`#modelwise_${tab}_line .modelwise-line`] = element();
        if (open) elements[`#modelwise_${tab} > .label-wrap.open`] = element();
        elements[`#modelwise_${tab}_preview`] = document.createElement("div");
    }
    for (const each of Object.values(elements)) each.document = document;
    without.forEach((selector) => delete elements[selector]);
    return elements;
}

/** A page with all that the scripts look for, already loaded.
 *
 *  `without`: selectors that are missing; `hidden`: tabs that are not shown; `answered`: whether the server has
 *  sent the panel's line; `open`: whether the panels are; `kept`: what the browser keeps for the page; `early`: what
 *  happens before the page is ready. `wait` lets all timers run that are due now. */
function page(options = {}) {
    const document = furnish(element());
    const elements = elementsOn(document, options);
    const shown = { elements, document, updated: [], timers: [], observers: [], questions: [] };
    const heard = { ready: [], options: [], tabs: [] };
    shown.options = { sd_model_checkpoint: "one" };
    const find = (selector) => elements[selector] ?? null;
    shown.context = loaded({
        gradioApp: () => ({ querySelector: find, querySelectorAll: (selector) => [find(selector)].filter(Boolean) }),
        setTimeout: (callback, milliseconds) => {
            const timer = { callback, milliseconds };
            shown.timers.push(timer);
            return timer;
        },
        clearTimeout: (timer) => {
            shown.timers = shown.timers.filter((each) => each !== timer);
        },
        IntersectionObserver: class {
            observe() {}
        },
        MutationObserver: class {
            constructor(callback) {
                shown.observers.push(callback);
            }
            observe() {}
        },
        updateInput: (each) => shown.updated.push(each),
        onUiLoaded: (callback) => heard.ready.push(callback),
        onOptionsChanged: (callback) => heard.options.push(callback),
        onUiTabChange: (callback) => heard.tabs.push(callback),
        addEventListener: () => {},
        HTMLInputElement: class {},
        HTMLTextAreaElement: class {},
        document: Object.assign(document, { getElementById: () => null }),
        opts: shown.options,
        localStorage: options.kept ?? {},
        fetch: server(shown),
        navigator: {},
        AbortController,
    });
    const call = (callbacks) => callbacks.forEach((callback) => callback());
    options.early?.(shown);
    call(heard.ready);
    shown.optionsChanged = () => call(heard.options);
    shown.tabChanged = () => call(heard.tabs);
    shown.wait = () => shown.timers.splice(0).forEach((timer) => timer.callback());
    shown.touched = (tab) => JSON.parse(elements[`#modelwise_${tab}_touched textarea`].value || "[]");
    shown.asked = (tab) => JSON.parse(shown.context.modelwise.asked(tab, ["", 1, 2])[0]);
    shown.acted = (tab) => JSON.parse(shown.context.modelwise.acted(tab, ["", 1, 2])[0]);
    return shown;
}

/** A click on a button with this data that stands in a tab's panel. */
function pressed(shown, tab, data) {
    const panel = { id: `modelwise_${tab}` };
    const button = { dataset: data, closest: (selector) => (selector.includes(`#${panel.id}`) ? panel : null) };
    const target = { closest: (selector) => (selector === "button[data-modelwise]" ? button : null) };
    shown.document.trigger("click", { target });
}

module.exports = { TABS, element, loaded, page, pressed, run, settled };
