// The panel in the page: its line in the accordion's head, its buttons, and when the server is asked again.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const GREETINGS = 20;
    const PATIENCE = 500; // milliseconds between two
    const EMPTYING = [200, 1000, 3000]; // milliseconds after which the host may have emptied the box
    const CHANGING = 150; // milliseconds after the last change of a field

    /** What was there before the first preset. @type {Partial<Record<Tab, Before>>} */
    const before = {};

    // The WebUI puts elements of this kind into the page twice.
    function lines(/** @type {Tab} */ tab) {
        return [...gradioApp().querySelectorAll(`#modelwise_${tab}_line .modelwise-line`)];
    }

    /** An element of ours in the accordion; `put` places a new one. */
    function place(
        /** @type {Tab} */ tab,
        /** @type {string} */ name,
        /** @type {(made: HTMLElement) => void} */ put,
    ) {
        const id = `modelwise_${tab}_${name}`;
        const found = document.getElementById(id);
        if (found) return found;
        const made = document.createElement("span");
        made.id = id;
        made.className = `modelwise-${name}`;
        put(made);
        return made;
    }

    // The head of an accordion is a button itself in some versions of gradio, so buttons go below it.
    function showLine(/** @type {Tab} */ tab, /** @type {Element | null | undefined} */ line) {
        const head = gradioApp().querySelector(`#modelwise_${tab} .label-wrap`);
        if (!head || !line) return;
        const words = place(tab, "summary", (made) => {
            made.setAttribute("role", "status");
            head.querySelector("span")?.after(made);
        });
        const actions = place(tab, "offers", (made) => head.after(made));
        const copy = /** @type {HTMLElement} */ (line.cloneNode(true));
        const buttons = [...copy.querySelectorAll("button")];
        buttons.forEach((button) => button.remove());
        words.classList.toggle("modelwise-attention", line.classList.contains("modelwise-attention"));
        if (words.textContent !== copy.textContent) words.replaceChildren(...copy.childNodes);
        if (actions.textContent !== buttons.map((button) => button.textContent).join("")) {
            actions.replaceChildren(...buttons);
        }
    }

    /** Show a line that came from our own route, with the values that it names. */
    modelwise.showLineOf = function (tab, html) {
        const holder = document.createElement("template");
        holder.innerHTML = html; // made by our server, which escapes what is not its own
        /** @type {HTMLElement | null} */
        const line = holder.content.querySelector(".modelwise-line");
        if (!line) return;
        showLine(tab, line);
        modelwise.showHints(tab, JSON.parse(line.dataset.answer ?? "{}").fields ?? {});
    };

    /** The server's answer to a question or to an action. */
    modelwise.answered = function (tab, answer) {
        /** @type {Answer} */
        const said = JSON.parse(answer || "{}");
        if (said.fields) {
            if (modelwise.latest(tab)) return; // the preview has asked the same, and knows what was typed since
            showLine(tab, lines(tab)[0]);
            modelwise.showHints(tab, said.fields);
        } else if (said.touched === null) {
            putBack(tab);
        } else if (said.touched) {
            modelwise.touch(tab, said.touched);
        }
        if ("touched" in said) modelwise.refresh(tab);
    };

    // Each answer once; the WebUI puts elements of this kind into the page twice.
    function watchAnswers(/** @type {Tab} */ tab) {
        const panel = gradioApp().querySelector(`#modelwise_${tab}`);
        if (!panel) return;
        /** @type {Record<string, string>} */
        const heard = {};
        new MutationObserver(() => {
            keepFocus(panel);
            for (const name of ["line", "message"]) {
                /** @type {HTMLElement | null} */
                const element = panel.querySelector(`#modelwise_${tab}_${name} [data-answer]`);
                const text = element?.outerHTML ?? "";
                if (!element || text === heard[name]) continue;
                heard[name] = text;
                modelwise.answered(tab, element.dataset.answer ?? "");
            }
        }).observe(panel, { childList: true, subtree: true });
    }

    function putBack(/** @type {Tab} */ tab) {
        modelwise.setTouched(tab, before[tab]?.touched ?? []);
        delete before[tab];
    }

    /** The button of ours that has the focus. @type {HTMLElement | null} */
    let focused = null;

    // The rows are made anew when a button was pressed; who came by keyboard goes on from there.
    function keepFocus(/** @type {Element} */ panel) {
        if (!focused || focused.isConnected || document.activeElement !== document.body) return;
        const data = JSON.stringify(focused.dataset);
        /** @type {NodeListOf<HTMLElement>} */
        const found = panel.querySelectorAll("button[data-modelwise]");
        const buttons = [...found];
        buttons.find((button) => JSON.stringify(button.dataset) === data)?.focus({ preventScroll: true });
    }

    function watchFocus() {
        document.addEventListener("focusin", (event) => {
            const target = /** @type {HTMLElement} */ (event.target);
            focused = target.dataset?.modelwise ? target : null;
        });
    }

    /** What a button carries, as an action. */
    modelwise.actionOf = function (data) {
        const { modelwise: kind = "", name = "", width, height } = data;
        return { kind, name, width: Number(width ?? 0), height: Number(height ?? 0) };
    };

    function pressed(/** @type {Tab} */ tab, /** @type {Action} */ action) {
        if (action.kind === "preset" || action.kind === "size") {
            before[tab] ??= {
                values: modelwise.values(tab),
                intent: modelwise.intent(tab),
                touched: modelwise.touchedFields(tab),
            };
        }
        if (action.kind === "see") open(tab);
        if (action.kind !== "restore") modelwise.act(tab, action);
        else if (before[tab]) modelwise.act(tab, { ...action, ...before[tab] });
    }

    function open(/** @type {Tab} */ tab) {
        /** @type {HTMLElement | null} */
        const head = gradioApp().querySelector(`#modelwise_${tab} .label-wrap:not(.open)`);
        head?.click();
    }

    function watchButtons() {
        document.addEventListener("click", (event) => {
            const target = /** @type {Partial<Element>} */ (event.target);
            /** @type {HTMLElement | null} */
            const button = target.closest ? target.closest("button[data-modelwise]") : null;
            const panel = button?.closest("#modelwise_txt2img, #modelwise_img2img");
            if (!button || !panel) return;
            const tab = panel.id === "modelwise_txt2img" ? "txt2img" : "img2img";
            pressed(tab, modelwise.actionOf(button.dataset));
        });
    }

    function watchPrompts(/** @type {Tab} */ tab) {
        const prompt = modelwise.box(`${tab}_prompt`);
        // An emptied prompt box ends what a pasted infotext has asked for.
        const look = () => {
            if (!prompt?.value.trim()) modelwise.write(modelwise.box(`modelwise_${tab}_pasted`), "");
        };
        const ask = modelwise.watchTyping(tab);
        const emptied = () => {
            look();
            ask();
        };
        // The host's own button empties the box on the server, without an event of the box.
        ["beforeinput", "input"].forEach((type) => prompt?.addEventListener(type, look));
        gradioApp()
            .querySelector(`#${tab}_clear_prompt`)
            ?.addEventListener("click", () => EMPTYING.forEach((time) => setTimeout(emptied, time)));
        const hires = gradioApp().querySelector(`#${tab}_hr-checkbox`);
        ["input", "change"].forEach((type) => hires?.addEventListener(type, ask)); // the host's script sends one of them
        modelwise.watchChanges(`${tab}_hr`, ask); // what stands in the second pass's accordion
    }

    function watchGenerate(/** @type {Tab} */ tab) {
        const button = gradioApp().querySelector(`#${tab}_generate`);
        button?.addEventListener("click", () => {
            // After gradio has collected what the boxes hold for this job.
            if (opts.modelwise_write_back) setTimeout(() => modelwise.act(tab, { kind: "fill" }), CHANGING);
        });
    }

    // gradio 4 forgets what is written while it is still putting the page together: written again until the
    // server has answered with the panel's line.
    function greet(/** @type {Tab} */ tab, left = GREETINGS) {
        modelwise.sendTouched(tab, true);
        modelwise.press(tab, "greet");
        setTimeout(() => {
            const exists = gradioApp().querySelector(`#modelwise_${tab}_line`);
            if (exists && left > 1 && !lines(tab).length) greet(tab, left - 1);
        }, PATIENCE);
    }

    /** The tabs whose panel has been greeted: each when it is first seen, to keep the page's start short.
     *  @type {Set<Tab>} */
    const greeted = new Set();

    function greetVisible() {
        for (const tab of modelwise.TABS) {
            /** @type {HTMLElement | null} */
            const element = gradioApp().querySelector(`#tab_${tab}`);
            if (greeted.has(tab) || element?.offsetParent === null) continue;
            greeted.add(tab);
            greet(tab);
        }
    }

    /** Another checkpoint is chosen, and the server knows it. */
    modelwise.checkpointChosen = function () {
        for (const tab of greeted) {
            if (opts.modelwise_fill_on_change) modelwise.act(tab, { kind: "fill" });
            else modelwise.refresh(tab);
        }
    };

    function start(/** @type {Tab} */ tab) {
        const ask = modelwise.settled(() => modelwise.refresh(tab), CHANGING);
        modelwise.watchFields(tab, ask);
        modelwise.watchControls(tab);
        watchPrompts(tab);
        watchGenerate(tab);
        watchAnswers(tab);
        modelwise.makeOperable(tab);
    }

    if (typeof onUiLoaded === "function") {
        onUiLoaded(() => {
            modelwise.TABS.forEach(start);
            modelwise.watchFillers();
            watchButtons();
            watchFocus();
            greetVisible();
        });
        onUiTabChange(greetVisible);
        let checkpoint = /** @type {unknown} */ (undefined);
        onOptionsChanged(() => {
            if (opts.sd_model_checkpoint === checkpoint) return;
            if (checkpoint !== undefined) modelwise.checkpointChosen();
            checkpoint = opts.sd_model_checkpoint;
        });
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
