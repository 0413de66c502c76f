// The page and our server: what the boxes hold goes with each question, what the server answers is shown.
//
// The panel's events call `asked` or `acted` before they ask; the answers stand in the panel's texts. A button
// of the panel is pressed by `act`: its action waits here until its event takes it along.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    /** @type {Tab[]} */
    modelwise.TABS = ["txt2img", "img2img"];

    /** @type {Record<string, string>} */
    const NUMBERS = { width: "width", height: "height", cfg_scale: "cfg_scale", steps: "steps" };
    /** @type {Record<string, string>} */
    const NAMES = { sampler: "sampling", scheduler: "scheduler" };
    /** @type {Record<string, string>} */
    const HIRES = { scale: "hr_scale", width: "hr_resize_x", height: "hr_resize_y" };

    const TRIES = 100;
    const PAUSE = 150; // milliseconds between two
    const SOON = 20; // milliseconds

    /** What waits for the page to be idle. @type {(() => void)[]} */
    const idle = [];

    /** The actions that were asked for and have not gone yet. @type {Record<Tab, Action[]>} */
    const waiting = { txt2img: [], img2img: [] };

    /** The box of an element that holds one: a text area, or an input of a kind. */
    modelwise.box = function (id, kind = "textarea") {
        return gradioApp().querySelector(`#${id} ${kind}`);
    };

    /** The id of the element that shows a field of ours. */
    modelwise.elementOf = function (tab, name) {
        const part = NUMBERS[name] ?? NAMES[name];
        return part ? `${tab}_${part}` : null;
    };

    /** What the panel's intent is, by our names. */
    modelwise.intent = function (tab) {
        const names = ["quality", "rating", "year"];
        const entries = names.map((name) => [name, modelwise.box(`modelwise_${tab}_${name}`, "input")?.value ?? ""]);
        return Object.fromEntries(entries);
    };

    /** What a tab's boxes hold, by our names. */
    modelwise.values = function (tab) {
        /** @type {Record<string, number | string>} */
        const values = {};
        for (const [name, part] of Object.entries(NUMBERS)) {
            const value = Number(modelwise.box(`${tab}_${part}`, "input[type=number]")?.value || NaN);
            if (Number.isFinite(value)) values[name] = value;
        }
        for (const [name, part] of Object.entries(NAMES)) {
            // The WebUI can show samplers as a list of radio buttons, too.
            const box = modelwise.box(`${tab}_${part}`, "input:checked") ?? modelwise.box(`${tab}_${part}`, "input");
            if (box?.value) values[name] = box.value;
        }
        return values;
    };

    /** The second pass, or null where it is off or the tab has none. */
    function hires(/** @type {Tab} */ tab) {
        if (!modelwise.box(`${tab}_hr-checkbox`, "input")?.checked) return null;
        const entries = Object.entries(HIRES).map(([name, part]) => [
            name,
            Number(modelwise.box(`${tab}_${part}`, "input[type=number]")?.value || 0),
        ]);
        const prompt = modelwise.box("hires_prompt")?.value ?? "";
        const negative = modelwise.box("hires_neg_prompt")?.value ?? "";
        const checkpoint = modelwise.box("hr_checkpoint", "input")?.value ?? "";
        return { ...Object.fromEntries(entries), prompt, negative, checkpoint };
    }

    /** What a tab's boxes hold. */
    modelwise.pageOf = function (tab) {
        return {
            prompt: modelwise.box(`${tab}_prompt`)?.value ?? "",
            negative: modelwise.box(`${tab}_neg_prompt`)?.value ?? "",
            values: modelwise.values(tab),
            hires: hires(tab),
        };
    };

    /** A question's inputs, the page's part put first. */
    modelwise.asked = function (tab, inputs) {
        modelwise.panelAsks(tab, inputs.slice(1));
        return [JSON.stringify(modelwise.pageOf(tab)), ...inputs.slice(1)];
    };

    /** The same for the next action that waits. */
    modelwise.acted = function (tab, inputs) {
        const { values, ...action } = waiting[tab].shift() ?? { kind: "" };
        const asked = { ...modelwise.pageOf(tab), ...(values && { values }), action };
        return [JSON.stringify(asked), ...inputs.slice(1)];
    };

    /** Press a trigger of the panel. */
    modelwise.press = function (tab, name) {
        /** @type {HTMLElement | null} */
        const button = gradioApp().querySelector(`#modelwise_${tab}_${name}`);
        button?.click();
    };

    /** Press a trigger until it was heard: gradio 3 drops an event while the last one of its kind has no answer. */
    modelwise.pressUntil = function (tab, name, isHeard, left = TRIES) {
        modelwise.press(tab, name);
        setTimeout(() => {
            if (!isHeard() && left > 1) modelwise.pressUntil(tab, name, isHeard, left - 1);
        }, PAUSE);
    };

    /** Ask for an action. `values`: in place of what the boxes hold. */
    modelwise.act = function (tab, action) {
        waiting[tab].push(action);
        modelwise.pressUntil(tab, "act", () => !waiting[tab].length);
    };

    /** Write into a box as the user would, so that gradio takes it. */
    modelwise.write = function (box, text) {
        if (!box || box.value === text) return;
        box.value = text;
        updateInput(box);
    };

    /** Call back when nothing else is to be done, or soon: a page that draws much may never say that it is idle. */
    modelwise.whenIdle = function (callback) {
        idle.push(callback);
        if (idle.length === 1) rest();
    };

    function rest() {
        if (typeof requestIdleCallback === "function") requestIdleCallback(next, { timeout: SOON });
        else setTimeout(next); // Safari
    }

    /** Call the first that waits; the page may do something else before the next. */
    function next() {
        const callback = idle.shift();
        if (idle.length) rest();
        callback?.();
    }

    /** Call back some time after the last call. */
    modelwise.settled = function (callback, milliseconds) {
        /** @type {ReturnType<typeof setTimeout> | undefined} */
        let timer;
        return () => {
            clearTimeout(timer);
            timer = setTimeout(callback, milliseconds);
        };
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
