// Which fields the user has touched since the page loaded, sent along with every job.
//
// Only the user's own events count: what the WebUI or another script writes into a field does not.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    /** @type {Tab[]} */
    const TABS = ["txt2img", "img2img"];
    /** @type {Record<string, string[]>} */
    const FIELDS = {
        size: ["width", "height", "res_switch_btn"],
        cfg_scale: ["cfg_scale"],
        steps: ["steps"],
        sampler: ["sampling", "scheduler"],
    };
    const EVENTS = ["input", "change", "mousedown", "keydown"];

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

    /** @type {Record<Tab, Set<string>>} */
    const touched = { txt2img: new Set(), img2img: new Set() };

    /** @type {(tab: Tab, name: string) => Box | null} */
    function carrier(tab, name) {
        return gradioApp().querySelector(`#modelwise_${tab}_${name} textarea, #modelwise_${tab}_${name} input`);
    }

    /** @type {(box: Box | null, text: string) => void} */
    function write(box, text) {
        if (!box || box.value === text) return;
        box.value = text;
        updateInput(box);
    }

    /** @type {(tab: Tab) => void} */
    function send(tab) {
        write(carrier(tab, "touched"), JSON.stringify([...touched[tab]]));
    }

    /** @type {(tab: Tab, fields: string[]) => void} */
    function touch(tab, fields) {
        fields.forEach((field) => touched[tab].add(field));
        send(tab);
    }

    /** @type {(tab: Tab) => void} */
    function watchFields(tab) {
        for (const [field, parts] of Object.entries(FIELDS)) {
            for (const part of parts) {
                const element = gradioApp().querySelector(`#${tab}_${part}`);
                if (!element) continue;
                const listen = (/** @type {Event} */ event) => {
                    const { target, key } = /** @type {KeyboardEvent & { target: Element }} */ (event);
                    const option = target.closest("[role=option], li, button");
                    if (event.isTrusted && modelwise.changes(event.type, Boolean(option), key)) {
                        touch(tab, [field]);
                    }
                };
                EVENTS.forEach((type) => element.addEventListener(type, listen, true));
            }
        }
    }

    function watchFillers() {
        const listen = (/** @type {Event} */ event) => {
            const target = /** @type {Partial<Element>} */ (event.target); // the document has no `closest`
            const button = event.isTrusted && target.closest ? target.closest("button[id]") : null;
            if (!button) return;
            const inside = TABS.find((tab) => button.closest(`#tab_${tab}`)) ?? null;
            const tab = modelwise.filledTab(button.id, inside);
            if (tab) touch(tab, Object.keys(FIELDS));
        };
        document.addEventListener("click", listen, true);
    }

    const EMPTYING = [200, 1000, 3000]; // milliseconds after which the host may have emptied the box

    // An emptied prompt box ends what a pasted infotext has asked for.
    /** @type {(tab: Tab) => void} */
    function watchPrompt(tab) {
        /** @type {Box | null} */
        const box = gradioApp().querySelector(`#${tab}_prompt textarea`);
        if (!box) return;
        const look = () => {
            if (!box.value.trim()) write(carrier(tab, "pasted"), "");
        };
        // The host's own button empties the box on the server, without an event of the box.
        ["beforeinput", "input"].forEach((type) => box.addEventListener(type, look));
        gradioApp()
            .querySelector(`#${tab}_clear_prompt`)
            ?.addEventListener("click", () => EMPTYING.forEach((time) => setTimeout(look, time)));
    }

    const GREETINGS = 20;
    const PATIENCE = 500; // milliseconds between two

    /** @type {(tab: Tab) => void} */
    function refresh(tab) {
        /** @type {HTMLElement | null} */
        const button = gradioApp().querySelector(`#modelwise_${tab}_refresh`);
        button?.click();
    }

    /** @type {(tab: Tab) => boolean} */
    function hasLine(tab) {
        const lines = [...gradioApp().querySelectorAll(`#modelwise_${tab}_line`)];
        return !lines.length || lines.some((line) => line.querySelector(".modelwise-line"));
    }

    // gradio 4 forgets what is written while it is still putting the page together: written again until the
    // server has answered with the panel's line. Emptied first, because the same text twice counts once.
    /** @type {(tab: Tab, left?: number) => void} */
    function greet(tab, left = GREETINGS) {
        write(carrier(tab, "touched"), "");
        send(tab);
        refresh(tab);
        setTimeout(() => {
            if (left > 1 && !hasLine(tab)) greet(tab, left - 1);
        }, PATIENCE);
    }

    if (typeof onUiLoaded === "function") {
        onUiLoaded(() => {
            TABS.forEach((tab) => {
                watchFields(tab);
                watchPrompt(tab);
                greet(tab);
            });
            watchFillers();
        });
        /** @type {unknown} */
        let checkpoint;
        onOptionsChanged(() => {
            if (opts.sd_model_checkpoint === checkpoint) return;
            checkpoint = opts.sd_model_checkpoint;
            TABS.forEach(refresh);
        });
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
