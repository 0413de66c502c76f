// The tab's section Tags: the lists that are loaded, the full list from the web, and deleting own ones.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    modelwise.sections = modelwise.sections ?? {};
    modelwise.sections.tags = function (place) {
        const { element: make } = modelwise;
        const said = make("p", "modelwise-said", "", { role: "status" });
        const lists = make("div", "modelwise-lists");
        const bar = modelwise.progressBar("Fetching the full tag list");
        const whence = make("p", "modelwise-whence");
        const fetched = make("p", "modelwise-said", "", { role: "status" });
        const start = modelwise.button("Fetch", () => attempt(() => fetching("POST")));
        const stop = modelwise.button("Stop", () => attempt(() => fetching("DELETE")), "Stop; what has arrived is kept");
        const upload = modelwise.tagUpload((answer) => {
            show(answer.tags);
            modelwise.panelsFollow();
        });

        async function attempt(/** @type {() => Promise<unknown>} */ act) {
            try {
                await act();
            } catch (error) {
                said.textContent = /** @type {Error} */ (error).message;
            }
        }

        function show(/** @type {TagLists} */ answer) {
            const seen = answer.lists.filter((list) => list.rows || list.own || list.problem_count);
            const rows = seen.map(row);
            rows.push(["All, each tag once", modelwise.count(answer.tags), "", "", ""]);
            lists.replaceChildren(modelwise.table("Tag lists", ["List", "Tags", "Conflicts", "Lines with problems", "Yours"], rows));
            showFetch(answer.fetch);
        }

        function row(/** @type {TagListFacts} */ { name, rows, conflicts, problem_count: bad, problems, own }) {
            const remove = modelwise.askingButton("Delete", `Delete ${name}?`, () => attempt(() => away(name)), `Delete ${name}`);
            const lines = problems.map((problem) => make("li", "", problem));
            const first = make("details", "", [make("summary", "", modelwise.count(bad)), make("ul", "", lines)]);
            return [
                name,
                modelwise.count(rows),
                conflicts ? modelwise.count(conflicts) : "",
                bad ? first : "",
                own ? remove : "",
            ];
        }

        function showFetch(/** @type {FetchStatus} */ { progress, kept, address }) {
            const running = progress.state === "running";
            bar.show(progress, "MB");
            start.hidden = running;
            stop.hidden = !running;
            start.textContent = kept ? `Go on from ${(kept / 1e6).toFixed(1)} MB` : "Fetch";
            whence.replaceChildren("From ", modelwise.link(new URL(address).host, address), ", only when you press the button.");
            const ended = { done: "Fetched", stopped: "Stopped", failed: "Not fetched" }[String(progress.state)];
            fetched.textContent = ended ? [ended, progress.message].filter(Boolean).join(": ") : "";
        }

        async function fetching(/** @type {string} */ method) {
            const first = await modelwise.request("tags/fetch", method === "POST" ? {} : null, null, method);
            showFetch(first);
            if (first.progress.state === "running" && method === "POST") await watch();
            (start.hidden ? stop : start).focus();
        }

        async function watch() {
            await modelwise.follow(place, () => modelwise.request("tags/fetch"), showFetch);
            await load();
            modelwise.panelsFollow();
        }

        async function away(/** @type {string} */ name) {
            show(await modelwise.request(`tags/lists?list=${encodeURIComponent(name)}`, null, null, "DELETE"));
            said.textContent = `${name} is gone; it stays as ${name}.bak in the folder modelwise/tags.`;
            modelwise.panelsFollow();
            upload.querySelector("input")?.focus();
        }

        async function forget() {
            await modelwise.forgetUses();
            said.textContent = "Forgotten: suggestions come by popularity alone again.";
        }

        async function load() {
            show(await modelwise.request("tags"));
        }

        place.append(
            modelwise.tagSearch(),
            lists,
            said,
            make("section", "modelwise-group", [
                make("h4", "", "Danbooru's full list"),
                whence,
                make("div", "modelwise-row", [start, stop, bar.element]),
                fetched,
            ]),
            upload,
            make("section", "modelwise-group", [
                make("h4", "", "Suggestions that you have taken"),
                make("p", "", "They are counted in the data folder, to come sooner the next time; nothing leaves this machine."),
                modelwise.askingButton("Forget them", "Forget all counts?", () => attempt(forget)),
            ]),
        );
        attempt(async () => {
            await load();
            if (!stop.hidden) await watch();
        });
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
