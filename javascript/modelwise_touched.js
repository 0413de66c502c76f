// Which fields the user has touched since the page loaded, sent along with every job.
//
// Only the user's own events count, and what the user asked for (a paste, a preset, "Send to", another
// extension's preset or memory): what else the WebUI or another script writes into a field does not.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    /** @type {Record<string, string[]>} */
    const FIELDS = {
        size: ["width", "height", "res_switch_btn"],
        cfg_scale: ["cfg_scale"],
        steps: ["steps"],
        sampler: ["sampling", "scheduler"],
    };
    /** The box in which Config-Presets lets a preset be chosen. */
    const CHOOSER = (/** @type {Tab} */ tab) => `config_preset_${tab}_dropdown`;
    /** What stable-diffusion-webui-state keeps in the browser begins so. */
    const MEMORY = "state-";
    const EVENTS = ["input", "change", "mousedown", "keydown"];

    /** @type {Record<Tab, Set<string>>} */
    const touched = { txt2img: new Set(), img2img: new Set() };
    /** Whom to tell of a change, once the tab's fields are there. @type {Partial<Record<Tab, () => void>>} */
    const told = {};

    /** The field that an element of a tab belongs to, or null. */
    modelwise.fieldOf = function (tab, id) {
        for (const [field, parts] of Object.entries(FIELDS)) {
            if (parts.some((part) => id === `${tab}_${part}`)) return field;
        }
        return null;
    };

    /** Whether an event changes a value: not every key or click does. */
    modelwise.changes = function (type, isOption, key) {
        if (type === "mousedown") return isOption;
        if (type === "keydown") return key === "Enter";
        return true;
    };

    /** The tab whose fields a button fills with values that the user asked for, or null. `inside`: the
     *  tab that the button stands in. */
    modelwise.filledTab = function (id, inside) {
        if (id === "paste") return inside;
        const target = /(?:^|_send_to_)(txt2img|img2img|inpaint)(?:_tab)?$/.exec(id);
        if (!target || id === target[1]) return null;
        return target[1] === "txt2img" ? "txt2img" : "img2img";
    };

    /** The fields that count as touched. */
    modelwise.touchedFields = (tab) => [...touched[tab]];

    /** Add fields to those that count as touched, and tell the server. */
    modelwise.touch = function (tab, fields) {
        fields.forEach((field) => touched[tab].add(field));
        modelwise.sendTouched(tab);
    };

    /** Let exactly these fields count as touched. */
    modelwise.setTouched = function (tab, fields) {
        touched[tab] = new Set(fields);
        modelwise.sendTouched(tab);
    };

    /** Tell the server. `again`: the same text twice counts once, so it is emptied first. */
    modelwise.sendTouched = function (tab, again = false) {
        const box = modelwise.box(`modelwise_${tab}_touched`);
        if (again) modelwise.write(box, "");
        modelwise.write(box, JSON.stringify([...touched[tab]]));
    };

    /** Call back after each change by the user in an element. */
    modelwise.watchChanges = function (id, changed) {
        const element = gradioApp().querySelector(`#${id}`);
        const listen = (/** @type {Event} */ event) => {
            const { target, key } = /** @type {KeyboardEvent & { target: Element }} */ (event);
            const option = target.closest("[role=option], li, button");
            if (event.isTrusted && modelwise.changes(event.type, Boolean(option), key)) changed();
        };
        EVENTS.forEach((type) => element?.addEventListener(type, listen, true));
    };

    /** Watch a tab's fields. `changed` is called after each change that counts as the user's. */
    modelwise.watchFields = function (tab, changed) {
        told[tab] = changed;
        const touch = (/** @type {string} */ field) => () => {
            modelwise.touch(tab, [field]);
            changed();
        };
        for (const [field, parts] of Object.entries(FIELDS)) {
            parts.forEach((part) => modelwise.watchChanges(`${tab}_${part}`, touch(field)));
        }
    };

    /** What stable-diffusion-webui-state has kept, by the element's id. */
    function readMemory() {
        try {
            const kept = Object.entries(localStorage).filter(([key]) => key.startsWith(MEMORY));
            return new Map(kept.map(([key, value]) => [key.slice(MEMORY.length), value]));
        } catch {
            return new Map(); // a browser may keep nothing for a page
        }
    }

    /** The text that an event gives to an element: of the option that it is on, after its tick, or of the box. */
    function textOf(/** @type {HTMLInputElement} */ target) {
        const option = target.closest("li");
        if (!option) return target.value;
        return /** @type {Text | null} */ (option.lastChild)?.wholeText?.trim();
    }

    /** Let what that extension puts back count as touched. It writes when its own answer from the server has
     *  come, before the WebUI has given its settings to the scripts or after: so its writing is what we watch. */
    modelwise.watchMemory = function () {
        const memory = readMemory(); // as the page found it: whatever is written from now on is kept there, too
        const listen = (/** @type {Event} */ event) => {
            const target = /** @type {HTMLInputElement} */ (event.target);
            if (event.isTrusted || !target.closest) return;
            const text = textOf(target);
            for (const tab of modelwise.TABS) {
                for (const [id, kept] of memory) {
                    const field = modelwise.fieldOf(tab, id);
                    if (!field || kept !== text || !target.closest(`#${id}`)) continue;
                    modelwise.touch(tab, [field]);
                    told[tab]?.();
                }
            }
        };
        if (memory.size) ["input", "mousedown"].forEach((type) => document.addEventListener(type, listen, true));
    };

    /** Watch the buttons and boxes that fill a tab's fields. */
    modelwise.watchFillers = function () {
        for (const tab of modelwise.TABS) {
            modelwise.watchChanges(CHOOSER(tab), () => modelwise.touch(tab, Object.keys(FIELDS)));
        }
        const listen = (/** @type {Event} */ event) => {
            const target = /** @type {Partial<Element>} */ (event.target); // the document has no `closest`
            const button = event.isTrusted && target.closest ? target.closest("button[id]") : null;
            if (!button) return;
            const inside = modelwise.TABS.find((tab) => button.closest(`#tab_${tab}`)) ?? null;
            const tab = modelwise.filledTab(button.id, inside);
            if (tab) modelwise.touch(tab, Object.keys(FIELDS));
        };
        document.addEventListener("click", listen, true);
    };

    if (typeof onUiLoaded === "function") modelwise.watchMemory();
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
