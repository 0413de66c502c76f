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

    /** Watch a tab's fields. `changed` is called after each change by the user. */
    modelwise.watchFields = function (tab, changed) {
        const touch = (/** @type {string} */ field) => () => {
            modelwise.touch(tab, [field]);
            changed();
        };
        for (const [field, parts] of Object.entries(FIELDS)) {
            parts.forEach((part) => modelwise.watchChanges(`${tab}_${part}`, touch(field)));
        }
    };

    /** Fields that stable-diffusion-webui-state fills as the user has left them. */
    modelwise.rememberedFields = function (tab) {
        const chosen = opts[`state_${tab}`];
        if (!Array.isArray(chosen)) return [];
        const isKept = (/** @type {string} */ part) =>
            chosen.includes(part === "steps" ? "sampling_steps" : part) &&
            localStorage.getItem(`${MEMORY}${tab}_${part}`) !== null;
        return Object.keys(FIELDS).filter((field) => FIELDS[field]?.some(isKept));
    };

    /** Let those fields count as touched. */
    modelwise.touchRemembered = function () {
        for (const tab of modelwise.TABS) {
            const fields = modelwise.rememberedFields(tab);
            if (fields.length) modelwise.touch(tab, fields);
        }
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
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
