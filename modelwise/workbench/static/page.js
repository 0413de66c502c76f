// What extensions find in the WebUI's page: its functions for scripts, its options, and how its controls act.

(function (/** @type {ModelwiseWorkbench} */ workbench) {
    "use strict";

    /** @type {(() => void)[]} */
    const loaded = [];
    /** @type {((changes: MutationRecord[]) => void)[]} */
    const updated = [];
    /** @type {(() => void)[]} */
    const settled = [];
    /** @type {(() => void)[]} */
    const tabChanged = [];
    /** @type {(() => void)[]} */
    const optionsChanged = [];
    let isLoaded = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let settling;
    /** @type {string | undefined} */
    let currentTab;

    globalThis.opts = {};

    globalThis.gradioApp = function () {
        return document.querySelector("gradio-app") ?? document;
    };
    globalThis.onUiLoaded = (callback) => loaded.push(callback);
    globalThis.onUiUpdate = (callback) => updated.push(callback);
    globalThis.onAfterUiUpdate = (callback) => settled.push(callback);
    globalThis.onUiTabChange = (callback) => tabChanged.push(callback);
    globalThis.onOptionsChanged = (callback) => optionsChanged.push(callback);

    globalThis.get_uiCurrentTab = () => gradioApp().querySelector("#tabs > .tab-nav > button.selected");
    globalThis.get_uiCurrentTabContent = () => {
        /** @type {NodeListOf<HTMLElement>} */
        const tabs = gradioApp().querySelectorAll("#tabs > .tabitem");
        return [...tabs].find((tab) => tab.style.display !== "none") ?? null;
    };

    /** Tell gradio that a script has written into a box. */
    globalThis.updateInput = function (box) {
        box.dispatchEvent(new Event("input", { bubbles: true }));
    };

    /** The server has new options: read them, and say so. */
    workbench.optionsChanged = function () {
        /** @type {Box | null} */
        const box = gradioApp().querySelector("#settings_json textarea, #settings_json input");
        if (!box) return;
        globalThis.opts = JSON.parse(box.value);
        call(optionsChanged);
    };

    /** Open one of the page's tabs by its title. */
    workbench.openTab = function (title) {
        /** @type {NodeListOf<HTMLElement>} */
        const buttons = gradioApp().querySelectorAll("#tabs > .tab-nav > button");
        [...buttons].find((button) => button.textContent.trim() === title)?.click();
    };

    /** Open or close an accordion whose checkbox the server has set.
     *  @type {(id: string, on: boolean) => void} */
    workbench.openAccordion = function (id, on) {
        /** @type {HTMLElement | null} */
        const label = gradioApp().querySelector(`#${id} .label-wrap`);
        if (label && label.classList.contains("open") !== on) label.click();
    };

    /** The texts of the picture that is selected in the gallery; those that are shown where it has none. */
    workbench.textsOfPicture = async function (tab, texts, ...shown) {
        // gradio says that it selects before it marks the button.
        await new Promise((done) => {
            setTimeout(done);
        });
        const buttons = [...gradioApp().querySelectorAll(`#${tab}_gallery .thumbnails button`)];
        return texts?.[buttons.findIndex((button) => button.classList.contains("selected"))] ?? shown;
    };

    /** @type {<D extends unknown[]>(callbacks: ((...details: D) => void)[], ...details: D) => void} */
    function call(callbacks, ...details) {
        for (const callback of callbacks) {
            try {
                callback(...details);
            } catch (error) {
                console.error("a script's callback failed", error);
            }
        }
    }

    /** @type {Record<string, string>} */
    const TITLES = {
        paste: "Read an infotext from the prompt, or the last one made",
        clear_prompt: "Empty both prompts",
        style_apply: "Write the chosen styles into the prompts",
        res_switch_btn: "Exchange width and height",
        random_seed: "A new seed each time",
        reuse_seed: "The seed of the last picture",
        send_to_img2img: "Send the picture to img2img",
        refresh_sd_model_checkpoint: "Look for checkpoints again",
    };

    function nameTools() {
        /** @type {NodeListOf<HTMLElement>} */
        const buttons = gradioApp().querySelectorAll("button.tool");
        for (const button of buttons) {
            const title = TITLES[button.id] ?? TITLES[button.id.replace(/^(txt2img|img2img)_/, "")];
            if (title) {
                button.title = title;
                button.setAttribute("aria-label", title);
            }
        }
    }

    // An accordion with a checkbox in front of its name: open is on.
    /** @type {(accordion: Element) => void} */
    function joinCheckbox(accordion) {
        /** @type {HTMLInputElement | null} */
        const hidden = gradioApp().querySelector(`#${accordion.id}-checkbox input`);
        /** @type {HTMLElement | null} */
        const label = accordion.querySelector(".label-wrap");
        if (!hidden || !label || label.querySelector("input")) return;
        const visible = Object.assign(document.createElement("input"), {
            type: "checkbox",
            checked: hidden.checked,
            id: `${accordion.id}-visible-checkbox`,
        });
        visible.setAttribute("aria-label", label.textContent.trim());
        const isOpen = () => label.classList.contains("open");
        const follow = () => {
            visible.checked = isOpen();
            if (hidden.checked !== isOpen()) hidden.click();
        };
        visible.addEventListener("click", (event) => event.stopPropagation());
        visible.addEventListener("change", () => visible.checked !== isOpen() && label.click());
        new MutationObserver(follow).observe(label, { attributes: true, attributeFilter: ["class"] });
        label.prepend(visible);
    }

    /** @type {(event: KeyboardEvent) => void} */
    function pressGenerate(event) {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        /** @type {HTMLElement | null | undefined} */
        const button = get_uiCurrentTabContent()?.querySelector("button[id$=_generate]");
        button?.click();
    }

    function start() {
        isLoaded = true;
        nameTools();
        gradioApp().querySelectorAll(".input-accordion").forEach(joinCheckbox);
        document.addEventListener("keydown", pressGenerate);
        call(loaded);
    }

    new MutationObserver((changes) => {
        if (!isLoaded && gradioApp().querySelector("#txt2img_prompt")) start();
        call(updated, changes);
        clearTimeout(settling);
        settling = setTimeout(() => call(settled), 200);
        const tab = isLoaded ? get_uiCurrentTab() : null;
        if (tab && tab.textContent !== currentTab) {
            currentTab = tab.textContent;
            call(tabChanged);
        }
    }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });
})((globalThis.modelwiseWorkbench ??= /** @type {ModelwiseWorkbench} */ ({})));
