// The section Lab: one prompt under several profiles side by side, asked for while someone types.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const TYPING = 200; // milliseconds after the last key
    const MOST = 12; // profiles at once, as the server has it
    const QUALITY = { standard: "standard", light: "light", heavy: "heavy", "": "none" };
    const RATING = {
        "": "not set",
        general: "general",
        sensitive: "sensitive",
        questionable: "questionable",
        explicit: "explicit",
    };
    /** Title and whether it is on at first, by the server's name. @type {Record<string, [string, boolean]>} */
    const SWITCHES = {
        order: ["order", true],
        quality: ["quality", true],
        negative: ["negative", true],
        settings: ["settings", true],
        spelling: ["spelling", true],
        quality_at_end: ["quality at the end", false],
        series: ["add the series", false],
        grouping: ["keep my grouping", false],
    };

    modelwise.sections = modelwise.sections ?? {};
    modelwise.sections.lab = build;

    /** The controls of a lab, by what they are for. */
    function controls(/** @type {() => void} */ changed) {
        const prompt = modelwise.textBox({ rows: "4", id: "modelwise_lab_prompt" });
        const negative = modelwise.textBox({ rows: "2", id: "modelwise_lab_negative" });
        const quality = modelwise.select(QUALITY);
        const rating = modelwise.select(RATING);
        const year = modelwise.textBox({ type: "number", step: "1", placeholder: "not set" }, "input");
        const aesthetic = modelwise.checkBox(false);
        const switches = Object.entries(SWITCHES).map(
            ([name, [title, isOn]]) => /** @type {const} */ ([name, title, modelwise.checkBox(isOn)]),
        );
        const profiles = modelwise.multiChoice("Profiles", "the loaded checkpoint's", MOST, changed);
        return { prompt, negative, quality, rating, year, aesthetic, switches, profiles };
    }

    /** @typedef {ReturnType<typeof controls>} Controls */

    /** What is asked, as the server takes it. @returns {LabQuestion} */
    function question(/** @type {Controls} */ of) {
        return {
            prompt: of.prompt.value,
            negative: of.negative.value,
            profiles: of.profiles.values(),
            intent: {
                quality: of.quality.value || null,
                rating: of.rating.value || null,
                year: of.year.value === "" ? null : Number(of.year.value),
                aesthetic: of.aesthetic.checked ? "high" : null,
            },
            switches: Object.fromEntries(of.switches.map(([name, , box]) => [name, box.checked])),
        };
    }

    /** Put a question into the controls. What it does not say is as at first. */
    function fill(/** @type {Controls} */ of, /** @type {Partial<LabQuestion>} */ asked) {
        const { prompt = "", negative = "", profiles = [], intent = {}, switches = {} } = asked;
        modelwise.replaceText(of.negative, negative);
        modelwise.replaceText(of.prompt, prompt);
        of.profiles.choose(profiles);
        const wanted = { quality: "standard", rating: null, year: null, aesthetic: null, ...intent };
        of.quality.value = wanted.quality ?? "";
        of.rating.value = wanted.rating ?? "";
        of.year.value = String(wanted.year ?? "");
        of.aesthetic.checked = wanted.aesthetic === "high";
        of.switches.forEach(([name, , box]) => (box.checked = switches[name] ?? SWITCHES[name]?.[1] ?? false));
    }

    function build(/** @type {HTMLElement} */ place) {
        const { element: make } = modelwise;
        const later = modelwise.settled(() => ask(), TYPING);
        const of = controls(() => ask());
        const said = make("div", "modelwise-said", [], { role: "status" });
        const results = make("div", "modelwise-results", [], { "aria-label": "Results" });
        const settings = make("div", "modelwise-line-up", [
            modelwise.labelled("Quality", of.quality),
            modelwise.labelled("Rating", of.rating),
            modelwise.labelled("Year", of.year),
            modelwise.labelled("High aesthetic", of.aesthetic),
        ]);
        const switches = make("fieldset", "modelwise-group modelwise-line-up", [
            make("legend", "", "What Modelwise does"),
            ...of.switches.map(([, title, box]) => modelwise.labelled(title, box)),
        ]);
        const texts = [modelwise.labelled("Prompt", of.prompt), modelwise.labelled("Negative prompt", of.negative)];
        const form = make("div", "modelwise-form", [...texts, of.profiles.element, settings, switches]);
        place.append(form, sharing(of, said, () => ask()), said, results);
        form.addEventListener("input", later);
        form.addEventListener("change", later);
        onOptionsChanged(() => of.profiles.values().length || later());

        /** @type {AbortController | null} */
        let asking = null;
        async function ask() {
            asking?.abort();
            const mine = (asking = new AbortController());
            results.setAttribute("aria-busy", "true");
            try {
                const answer = /** @type {LabAnswer} */ (await modelwise.request("lab", question(of), mine.signal));
                if (mine.signal.aborted) return;
                modelwise.showLabResults(results, answer.results);
                if (said.dataset.error) say("");
            } catch (error) {
                if (mine.signal.aborted) return;
                say(/** @type {Error} */ (error).message, "yes");
            }
            results.removeAttribute("aria-busy");
        }

        function say(/** @type {string} */ words, isError = "") {
            said.dataset.error = isError;
            said.replaceChildren(words);
        }

        offerProfiles(of).catch((/** @type {Error} */ error) => say(error.message, "yes"));
        modelwise.onProfilesChanged(() => offerProfiles(of).then(ask));
        ask();
    }

    async function offerProfiles(/** @type {Controls} */ of) {
        const { profiles } = /** @type {ProfileList} */ (await modelwise.request("profiles"));
        const sorted = [...profiles].sort((one, other) => one.name.localeCompare(other.name));
        of.profiles.offer(sorted.map(({ id, name, family }) => ({ value: id, text: name, note: `${id}, ${family}` })));
        const known = profiles.map(({ id }) => id);
        of.profiles.choose(of.profiles.values().filter((id) => known.includes(id)));
    }

    /** Sharing: the question as text, and a text as a question. */
    function sharing(/** @type {Controls} */ of, /** @type {HTMLElement} */ said, /** @type {() => void} */ ask) {
        const { element: make } = modelwise;
        const box = modelwise.textBox({ rows: "5", spellcheck: "false" });
        const whole = make("details", "modelwise-share");
        const tell = (/** @type {string} */ words) => {
            said.dataset.error = "";
            said.replaceChildren(words);
        };
        const write = async () => {
            box.value = modelwise.labText(question(of));
            await modelwise.copyText(box.value);
            tell("Copied: whoever takes it in gets the same question.");
        };
        const take = () => {
            fill(of, modelwise.readLabText(box.value));
            tell("Taken in.");
            ask();
        };
        const run = (/** @type {() => unknown} */ act) => async () => {
            try {
                await act();
            } catch (error) {
                tell(/** @type {Error} */ (error).message);
            }
        };
        whole.append(
            make("summary", "", "Share"),
            modelwise.labelled("Text: of this question, or of another to be taken in (an infotext too)", box),
            make("div", "modelwise-row", [
                modelwise.button("Write and copy", run(write), "Write this question as text, and copy it"),
                modelwise.button("Take in", run(take), "Ask what the text says; it replaces what is above"),
            ]),
        );
        return whole;
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
