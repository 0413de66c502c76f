// The section Profiles: all cards with search and filters, and what can be done with one.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    modelwise.sections = modelwise.sections ?? {};
    modelwise.sections.profiles = build;

    const make = (/** @type {Parameters<Modelwise["element"]>} */ ...given) => modelwise.element(...given);
    const inAddress = encodeURIComponent;

    function build(/** @type {HTMLElement} */ place) {
        const search = modelwise.textBox({ type: "search" }, "input");
        const filters = {
            family: modelwise.select({ "": "all" }),
            architecture: modelwise.select({ "": "all" }),
            whose: modelwise.select({ "": "all", own: "yours", bundled: "bundled" }),
        };
        const list = make("ul", "modelwise-list", [], { "aria-label": "Profiles" });
        const card = make("article", "modelwise-card", [], { tabindex: "-1" });
        const said = make("div", "modelwise-said", [], { role: "status" });
        const editing = make("div", "");
        const file = /** @type {HTMLInputElement} */ (modelwise.textBox({ type: "file", accept: ".toml,text/plain" }, "input"));
        const head = make("div", "modelwise-line-up", [
            modelwise.labelled("Search", search),
            modelwise.labelled("Family", filters.family),
            modelwise.labelled("Architecture", filters.architecture),
            modelwise.labelled("Whose", filters.whose),
            modelwise.labelled("Import a file", file),
            modelwise.button("Import as text", () => edit({ file: "", text: "", version: "" }), "Paste or write a profile's text"),
        ]);
        const browse = make("div", "modelwise-browse", [head, make("div", "modelwise-sides", [list, card])]);
        place.append(said, browse, editing);

        /** @type {{ profiles: ProfileSummary[], files: OwnFile[] }} */
        let found = { profiles: [], files: [] };
        let chosen = "";
        let asked = "";

        const say = (/** @type {(string | Node)[]} */ ...words) => said.replaceChildren(...words);
        /** Do something, and say what went wrong. */
        const attempt = (/** @type {() => Promise<unknown>} */ act) =>
            act().catch((/** @type {Error} */ error) => say(error.message));

        async function load() {
            const [{ profiles }, { files }] = await Promise.all([
                modelwise.request("profiles"),
                modelwise.request("own-profiles"),
            ]);
            found = { profiles, files };
            offer(filters.family, (profile) => profile.family);
            offer(filters.architecture, (profile) => profile.architecture);
            fill();
        }

        function offer(/** @type {HTMLSelectElement} */ list_, /** @type {(profile: ProfileSummary) => string} */ of) {
            const values = [...new Set(found.profiles.map(of))].sort();
            modelwise.setChoices(list_, { "": "all", ...Object.fromEntries(values.map((value) => [value, value])) });
        }

        const ownFile = (/** @type {string} */ id) => found.files.find(({ profile }) => profile === id)?.file ?? "";

        function isShown(/** @type {ProfileSummary} */ { id, name, family, architecture }) {
            const whose = ownFile(id) ? "own" : "bundled";
            const wanted = /** @type {[HTMLSelectElement, string][]} */ ([
                [filters.family, family],
                [filters.architecture, architecture],
                [filters.whose, whose],
            ]);
            const words = `${name} ${id} ${family} ${architecture}`;
            return modelwise.finds(search.value, words) && wanted.every(([{ value }, has]) => !value || value === has);
        }

        function fill() {
            const broken = found.files.filter(({ profile }) => !profile).map(brokenLine);
            const sorted = [...found.profiles].sort((one, other) => one.name.localeCompare(other.name));
            const lines = sorted.filter(isShown).map(line);
            const none = make("li", "", "No profile fits.");
            list.replaceChildren(...broken, ...(lines.length ? lines : [none]));
        }

        function line(/** @type {ProfileSummary} */ { id, name, family, architecture }) {
            const more = `${family} · ${architecture}${ownFile(id) ? " · yours" : ""}`;
            const button = modelwise.button("", () => attempt(() => show(id)));
            button.replaceChildren(make("b", "", name), make("small", "", more));
            button.dataset.profile = id;
            if (id === chosen) button.setAttribute("aria-current", "true");
            return make("li", "", [button]);
        }

        function brokenLine(/** @type {OwnFile} */ { file: name, problem }) {
            const why = problem ? `${problem.key ? `${problem.key}: ` : ""}found ${problem.found}; allowed: ${problem.allowed}` : "";
            return make("li", "modelwise-broken", [
                make("p", "modelwise-attention", `${name} is not taken: ${why}`),
                make("div", "modelwise-row", [
                    modelwise.button("Edit", () => attempt(() => open(name)), `Edit ${name}`),
                    modelwise.button("Delete", () => attempt(() => remove(name)), `Delete ${name}`),
                ]),
            ]);
        }

        async function show(/** @type {string} */ id) {
            asked = id;
            const profile = /** @type {Profile} */ (await modelwise.request(`profiles/${inAddress(id)}`));
            if (asked !== id) return; // another one was asked for meanwhile
            chosen = id;
            for (const each of list.querySelectorAll("button[data-profile]")) {
                each.toggleAttribute("aria-current", false);
                if (/** @type {HTMLElement} */ (each).dataset.profile === id) each.setAttribute("aria-current", "true");
            }
            const parts = modelwise.profileCard(profile);
            card.replaceChildren(make("h3", "", profile.name), actions(profile), ...parts);
            card.setAttribute("aria-label", profile.name);
            card.scrollTop = 0;
        }

        function actions(/** @type {Profile} */ profile) {
            const name = ownFile(profile.id);
            const drafted = (/** @type {string} */ kind) => async () => {
                const { text } = await modelwise.request(`profiles/${inAddress(profile.id)}/draft?kind=${kind}`);
                edit({ file: "", text, version: "" });
            };
            const save = async () => {
                const { text } = await modelwise.request(`profiles/${inAddress(profile.id)}/text`);
                modelwise.download(`${profile.id}.toml`, text);
            };
            const own = name
                ? [
                      modelwise.button("Edit", () => attempt(() => open(name))),
                      modelwise.button("Delete", () => attempt(() => remove(name))),
                  ]
                : [];
            return make("div", "modelwise-row", [
                ...own,
                modelwise.button("Extend", () => attempt(drafted("child")), "A profile of yours that takes over whatever it does not state itself"),
                modelwise.button("Copy", () => attempt(drafted("copy")), "A profile of yours with the same text"),
                modelwise.button("Export", () => attempt(save), "Save its text as a file"),
                comparing(profile),
            ]);
        }

        function comparing(/** @type {Profile} */ profile) {
            const others = found.profiles.filter(({ id }) => id !== profile.id);
            others.sort((one, other) => one.name.localeCompare(other.name));
            const with_ = modelwise.select({ "": "–", ...Object.fromEntries(others.map(({ id, name }) => [id, name])) });
            with_.addEventListener("change", () => attempt(async () => {
                card.querySelector(".modelwise-differences")?.remove();
                if (!with_.value) return;
                const other = /** @type {Profile} */ (await modelwise.request(`profiles/${inAddress(with_.value)}`));
                const rows = modelwise.differences(profile, other);
                const table = modelwise.table(`${rows.length} differences`, ["Key", profile.name, other.name], rows);
                card.querySelector(".modelwise-row")?.after(make("div", "modelwise-differences", [table]));
            }));
            return modelwise.labelled("Compare with", with_);
        }

        async function open(/** @type {string} */ name) {
            edit(await modelwise.request(`own-profiles/${inAddress(name)}`));
        }

        function edit(/** @type {ProfileText} */ given) {
            const back = /** @type {HTMLElement | null} */ (document.activeElement);
            say();
            browse.hidden = true;
            editing.replaceChildren(modelwise.profileEditor(given, (saved) => {
                editing.replaceChildren();
                browse.hidden = false;
                if (saved) attempt(() => changed(`${saved.file} is saved, and used from now on.`, saved.file));
                else back?.focus();
            }));
        }

        /** Something was written: everybody looks again, and then it is said. */
        async function changed(/** @type {string} */ words, name = "", /** @type {Node[]} */ ...more) {
            modelwise.profilesChanged();
            await load();
            const id = found.files.find(({ file: each }) => each === name)?.profile;
            if (id) await show(id);
            say(words, ...more);
            card.focus({ preventScroll: true });
        }

        async function remove(/** @type {string} */ name) {
            const { version } = await modelwise.request(`own-profiles/${inAddress(name)}`);
            await modelwise.request(`own-profiles?file=${inAddress(name)}&version=${version}`, null, null, "DELETE");
            const undo = modelwise.button("Undo", () => attempt(async () => {
                await modelwise.request("own-profiles/restore", { file: name, version });
                await changed(`${name} is back.`, name);
            }));
            card.replaceChildren();
            await changed(`${name} is deleted. `, "", undo);
            undo.focus();
        }

        file.addEventListener("change", () => attempt(async () => {
            const [picked] = file.files ?? [];
            if (!picked) return;
            const text = await modelwise.readFile(picked).finally(() => (file.value = ""));
            edit({ file: "", text, version: "" });
        }));
        [search, ...Object.values(filters)].forEach((each) => each.addEventListener("input", fill));
        modelwise.walk(list, "button[data-profile]");
        attempt(async () => {
            await load();
            await show((await modelwise.request("detect")).profile);
        });
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
