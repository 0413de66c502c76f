// A profile's TOML text in a box, checked while someone types; what is wrong is said with its line.
//
// Nothing typed is lost: leaving asks first, and when somebody else has saved meanwhile both texts stay.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const TYPING = 400; // milliseconds after the last key
    const CONFLICT = 409;

    /** An editor for a file of the user's, or for a new one (`file` empty). `done`: called with what was saved, or
     *  null where nothing was. */
    modelwise.profileEditor = function (given, done) {
        const { element: make } = modelwise;
        /** What is on the disk as far as this page knows. */
        let known = given;
        const box = modelwise.textBox({ rows: "24", spellcheck: "false", wrap: "off", "aria-describedby": "modelwise_findings" });
        const numbers = make("div", "modelwise-numbers", [], { "aria-hidden": "true" });
        const findings = make("div", "modelwise-findings", [], { id: "modelwise_findings", role: "status" });
        const more = make("div", "");
        const save = modelwise.button("Save", () => write(known.version));
        const close = modelwise.button("Close", leave);
        const name = given.file || "New profile";
        const field = make("div", "modelwise-editor", [numbers, box]);
        const tools = make("div", "modelwise-row", [save, close]);
        const title = make("h3", "", name, { tabindex: "-1" });
        // What is found comes and goes while someone types: the buttons stand above it, and are not moved away from a click.
        const whole = make("section", "modelwise-editing", [title, tools, more, field, findings], { "aria-label": name });
        box.setAttribute("aria-label", `${name} as TOML`);
        box.value = given.text;

        const isChanged = () => box.value !== known.text || !known.version;

        function count(/** @type {Set<number>} */ wrong = new Set()) {
            const lines = box.value.split("\n").map((_, at) => make("div", wrong.has(at + 1) ? "modelwise-wrong" : "", String(at + 1)));
            numbers.replaceChildren(...lines);
            numbers.scrollTop = box.scrollTop;
        }

        /** @type {AbortController | null} */
        let asking = null;
        async function check() {
            asking?.abort();
            const mine = (asking = new AbortController());
            try {
                const body = { text: box.value, file: known.version ? known.file : "" };
                const found = /** @type {CheckedProfile} */ (
                    await modelwise.request("own-profiles/check", body, mine.signal)
                );
                if (!mine.signal.aborted) show(found);
            } catch (error) {
                if (!mine.signal.aborted) say(/** @type {Error} */ (error).message, true);
            }
        }

        function show(/** @type {CheckedProfile} */ { problems, others, name: title_, id }) {
            count(new Set(problems.map(({ line }) => line)));
            box.setAttribute("aria-invalid", String(problems.length > 0));
            const wrong = problems.map(({ line, key, found, allowed }) => {
                const at = modelwise.button(`Line ${line}`, () => go(line), "Go to this line");
                return make("p", "modelwise-attention", [at, ` ${key ? `${key}: ` : ""}found ${found}; allowed: ${allowed}`]);
            });
            const lost = others.map(({ file, key, found, allowed }) =>
                make("p", "modelwise-attention", `With this text ${file} would not load: ${key}: found ${found}; allowed: ${allowed}`),
            );
            const right = wrong.length ? [] : [make("p", "", `A profile without problems: ${title_} (${id}).`)];
            findings.replaceChildren(...wrong, ...right, ...lost);
        }

        function say(/** @type {string} */ words, isWrong = false) {
            findings.replaceChildren(make("p", isWrong ? "modelwise-attention" : "", words));
        }

        function go(/** @type {number} */ line) {
            const lines = box.value.split("\n");
            const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
            box.focus();
            box.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
            box.scrollTop = Math.max(0, (box.scrollHeight / lines.length) * (line - 4));
        }

        async function write(/** @type {string} */ version) {
            const text = box.value;
            asking?.abort();
            try {
                const body = known.version ? { file: known.file, text, version } : { text };
                const saved = await modelwise.request("own-profiles", body, null, known.version ? "PATCH" : "POST");
                if (box.value !== text) {
                    known = saved; // typed on meanwhile: stay
                    return say("Saved; what you have typed since is not.");
                }
                end(saved);
            } catch (error) {
                const { message, status } = /** @type {Error & { status?: number }} */ (error);
                say(message, true);
                if (status === CONFLICT && known.version) await compare();
            }
        }

        /** Somebody else has saved: show theirs beside ours, and let the user say which stays. */
        async function compare() {
            const theirs = /** @type {ProfileText} */ (await modelwise.request(`own-profiles/${encodeURIComponent(known.file)}`));
            const other = modelwise.textBox({ rows: "10", readonly: "", spellcheck: "false", wrap: "off" });
            other.value = theirs.text;
            const settle = (/** @type {() => void} */ act) => () => {
                more.replaceChildren();
                act();
            };
            const keep = modelwise.button("Save mine over it", settle(() => write(theirs.version)));
            const take = modelwise.button("Take theirs", settle(() => {
                known = theirs;
                modelwise.replaceText(box, theirs.text);
                check();
            }));
            const row = make("div", "modelwise-row", [keep, take]);
            more.replaceChildren(modelwise.labelled("What is in the file now", other), row);
        }

        function leave() {
            if (!isChanged()) return end(null);
            const row = make("div", "modelwise-row", [
                "There are changes that are not saved.",
                modelwise.button("Discard them", () => end(null)),
                modelwise.button("Keep editing", () => {
                    more.replaceChildren();
                    box.focus();
                }),
            ]);
            more.replaceChildren(row);
            row.querySelector("button")?.focus();
        }

        const warn = (/** @type {Event} */ event) => whole.isConnected && isChanged() && event.preventDefault();
        function end(/** @type {ProfileText | null} */ saved) {
            asking?.abort();
            window.removeEventListener("beforeunload", warn);
            done(saved);
        }

        window.addEventListener("beforeunload", warn);
        const later = modelwise.settled(check, TYPING);
        box.addEventListener("input", () => {
            count();
            later();
        });
        box.addEventListener("scroll", () => (numbers.scrollTop = box.scrollTop));
        count();
        check();
        setTimeout(() => title.focus());
        return whole;
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
