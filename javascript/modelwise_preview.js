// The live preview: what Generate would do now, asked for while someone types.
//
// One question at a time: a newer one ends the one before it. A key press only starts a timer. While the route
// answers, its lines count; where it fails, the panel's own event has the line.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const TYPING = 150; // milliseconds after the last key
    const CHANGING = 150; // milliseconds after the last change of a control

    /** The panel's arguments as its last event sent them. @type {Partial<Record<Tab, unknown[]>>} */
    const panels = {};
    /** @type {Partial<Record<Tab, AbortController>>} */
    const asking = {};
    /** The last answer, as long as no question has failed since. @type {Partial<Record<Tab, Preview>>} */
    const latest = {};
    /** The tabs whose panel was asked for the line alone. @type {Set<Tab>} */
    const lineAlone = new Set();

    /** The panel's event asks with these arguments, which gradio alone knows: with them the preview, too. */
    modelwise.panelAsks = function (tab, values) {
        panels[tab] = values;
        if (!lineAlone.delete(tab)) modelwise.preview(tab);
    };

    /** The panel's arguments as they are now: what the page itself has put into it since counts. */
    function panelNow(/** @type {Tab} */ tab) {
        const values = [...(panels[tab] ?? [])];
        values[modelwise.PLACES.touched] = JSON.stringify(modelwise.touchedFields(tab));
        values[modelwise.PLACES.pasted] = modelwise.box(`modelwise_${tab}_pasted`)?.value ?? "";
        return values;
    }

    /** The places of arguments that the page sets itself, in the panel's order. */
    modelwise.PLACES = { touched: 5, pasted: 6 };

    /** Ask what Generate would do, and show it. Before the panel's first event there is nothing to ask with. */
    modelwise.preview = async function (tab) {
        if (!panels[tab]) return;
        asking[tab]?.abort();
        const mine = (asking[tab] = new AbortController());
        try {
            const body = { tab, page: modelwise.pageOf(tab), arguments: panelNow(tab) };
            const answer = /** @type {Preview} */ (await modelwise.request("preview", body, mine.signal));
            if (mine.signal.aborted) return;
            latest[tab] = answer;
            modelwise.showLineOf(tab, answer.line);
            modelwise.showLatest(tab);
        } catch (error) {
            if (mine.signal.aborted) return;
            delete latest[tab];
            modelwise.showNoPreview(tab, /** @type {Error} */ (error).message);
            lineAlone.add(tab);
            modelwise.refresh(tab); // the line can be had the other way
        }
    };

    /** Have the panel's event ask: it alone has the arguments as they are now. */
    modelwise.refresh = function (tab) {
        const before = panels[tab];
        modelwise.pressUntil(tab, "refresh", () => panels[tab] !== before);
    };

    /** Ask in place of the own event of what is ticked where gradio 3 drops that. Not while someone types: the answer
     *  would put the box's list away. */
    modelwise.watchControls = function (tab) {
        let before = panels[tab];
        const look = modelwise.settled(() => {
            if (panels[tab] === before) modelwise.refresh(tab);
        }, CHANGING);
        const panel = gradioApp().querySelector(`#modelwise_${tab}`);
        const ticked = (/** @type {Event} */ { target }) => {
            if (!(/** @type {Element} */ (target).matches("[type=radio], [type=checkbox]"))) return;
            before = panels[tab];
            look();
        };
        panel?.addEventListener("change", ticked, true);
    };

    /** The last answer, or null. */
    modelwise.latest = (tab) => latest[tab] ?? null;

    /** Show the last answer where it can be seen. */
    modelwise.showLatest = function (tab) {
        if (modelwise.isOpen(tab)) modelwise.showPreview(tab, latest[tab] ?? null);
    };

    /** Whether a tab's panel is open. */
    modelwise.isOpen = (tab) => gradioApp().querySelector(`#modelwise_${tab} > .label-wrap.open`) !== null;

    /** Ask again when the user has stopped typing in one of a tab's prompt boxes; returns what does so. */
    modelwise.watchTyping = function (tab) {
        const ask = modelwise.settled(() => modelwise.preview(tab), TYPING);
        const boxes = [`${tab}_prompt`, `${tab}_neg_prompt`];
        if (tab === "txt2img") boxes.push("hires_prompt", "hires_neg_prompt");
        boxes.forEach((id) => modelwise.box(id)?.addEventListener("input", ask));
        const head = gradioApp().querySelector(`#modelwise_${tab} > .label-wrap`);
        head?.addEventListener("click", () => setTimeout(() => modelwise.showLatest(tab)));
        return ask;
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
