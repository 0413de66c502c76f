// The boxes that get suggestions, and when they get none because another completion is at work.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const OWN = ["txt2img_prompt", "txt2img_neg_prompt", "img2img_prompt", "img2img_neg_prompt"]
        .concat("hires_prompt", "hires_neg_prompt")
        .map((id) => `#${id} textarea`)
        .concat("#modelwise_lab_prompt", "#modelwise_lab_negative")
        .join(", ");
    /** The settings of other extensions that say that they complete. @type {Record<string, string>} */
    const NEIGHBOURS = { tac_active: "tagcomplete", prompt_pilot_enabled: "Prompt Pilot" };

    /** Boxes stay what they are: a look through all that is around them takes a tenth of a key's time.
     *  @type {WeakMap<Box, boolean>} */
    const negatives = new WeakMap();
    /** @type {WeakMap<Box, { more: string, ours: boolean }>} */
    const looks = new WeakMap();

    /** The completion beside us that is on, or nothing. */
    modelwise.neighbour = function () {
        for (const key in NEIGHBOURS) if (opts[key] === true) return NEIGHBOURS[key] ?? "";
        return "";
    };

    /** The list that tagcomplete has for a box, open or not, or null. */
    modelwise.listBeside = function (box) {
        return /** @type {HTMLElement | null} */ (box.parentElement?.querySelector(":scope > .autocompleteParent") ?? null);
    };

    /** Keep that list out of sight while ours is open: they stand in the same place. */
    modelwise.cover = function (box, covered) {
        const list = modelwise.listBeside(box);
        if (list) list.style.visibility = covered ? "hidden" : "";
    };

    /** Close that list as tagcomplete does, when ours was used or closed by the user: what it has belongs to the
     *  text before, and the next key would put that in. */
    modelwise.closeBeside = function (box) {
        const list = modelwise.listBeside(box);
        if (list) list.style.display = "none";
    };

    /** Whether suggestions are shown at all. */
    modelwise.completes = function () {
        const choice = opts["modelwise_completion"] ?? "auto";
        return choice === "on" || (choice === "auto" && !modelwise.neighbour());
    };

    /** An event's text box, if it is one that gets suggestions. */
    modelwise.completedBox = function (event) {
        const { target } = event;
        if (!(target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement)) return null;
        return isOurs(target) && modelwise.completes() ? target : null;
    };

    function isOurs(/** @type {Box} */ box) {
        const more = String(opts["modelwise_completion_boxes"] ?? "").trim();
        const known = looks.get(box);
        if (known?.more === more) return known.ours;
        const hasText = box.selectionStart !== null;
        const ours = hasText && (box.matches(OWN) || (more !== "" && matches(box, more)));
        looks.set(box, { more, ours });
        return ours;
    }

    /** Whether a box is for what an image should not have. */
    modelwise.isNegative = function (box) {
        const found = negatives.get(box) ?? box.closest("[id*='neg_prompt'], [id*='negative']") !== null;
        negatives.set(box, found);
        return found;
    };

    /** The tab that a box stands in. */
    modelwise.tabOf = function (box) {
        return modelwise.TABS.find((tab) => box.closest(`#tab_${tab}`)) ?? "txt2img";
    };

    function matches(/** @type {Element} */ target, /** @type {string} */ selectors) {
        try {
            return target.matches(selectors);
        } catch {
            return false; // no selector, half-typed perhaps
        }
    }

    /** Say in the panels whose suggestions there are, where they are not ours; the button makes them ours. */
    modelwise.sayWhoCompletes = function () {
        const name = opts["modelwise_completion"] === "auto" ? modelwise.neighbour() : "";
        for (const tab of modelwise.TABS) {
            const id = `modelwise_${tab}_neighbour`;
            const line = document.getElementById(id);
            if (!name || line) {
                line?.toggleAttribute("hidden", !name);
                continue;
            }
            const made = document.createElement("p");
            made.id = id;
            made.className = "modelwise-neighbour";
            const button = document.createElement("button");
            button.className = "modelwise-button";
            button.dataset["modelwise"] = "complete";
            button.textContent = "Use Modelwise's";
            button.addEventListener("click", () => {
                opts["modelwise_completion"] = "on"; // as the server will have it
                modelwise.sayWhoCompletes();
            });
            made.append("Suggestions in the prompt boxes come from", ` ${name} `, button);
            gradioApp().querySelector(`#modelwise_${tab}`)?.lastElementChild?.append(made);
        }
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
