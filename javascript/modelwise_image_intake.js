// Where images come in: dropped, pasted, picked one by one, or a whole folder with those below it.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const isImage = (/** @type {File} */ file) => file.type.startsWith("image/");
    const isHidden = (/** @type {string} */ name) => name.split("/").some((part) => part.startsWith("."));

    /** The images of a folder in a fixed order: what is hidden, or is called otherwise than an image, stays out. */
    modelwise.imagesOf = function (files) {
        return files
            .filter(({ name, file }) => isImage(file) && !isHidden(name))
            .sort((one, other) => (one.name < other.name ? -1 : Number(one.name > other.name)));
    };

    const named = (/** @type {Iterable<File>} */ files) => [...files].map((file) => ({ name: file.name, file }));

    /** All entries of a folder; browsers give them in parts. */
    async function listed(/** @type {FileSystemDirectoryEntry} */ folder) {
        const reader = folder.createReader();
        const found = [];
        for (;;) {
            /** @type {FileSystemEntry[]} */
            const part = await new Promise((done, fail) => {
                reader.readEntries(done, fail);
            });
            if (!part.length) return found;
            found.push(...part);
        }
    }

    /** A dropped entry's files, with their way from the folder that was dropped. @returns {Promise<NamedFile[]>} */
    async function filesOf(/** @type {FileSystemEntry} */ entry, way = "") {
        const name = `${way}${entry.name}`;
        if (entry.isDirectory) {
            const inside = await listed(/** @type {FileSystemDirectoryEntry} */ (entry));
            const found = await Promise.all(inside.map((each) => filesOf(each, `${name}/`)));
            return found.flat();
        }
        return new Promise((done, fail) => {
            /** @type {FileSystemFileEntry} */ (entry).file((file) => done([{ name, file }]), fail);
        });
    }

    /** What was dropped: of files all, of folders their images. Only while the event lasts can it be asked. */
    async function dropped(/** @type {DataTransfer} */ data) {
        const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
        const folders = entries.filter(({ isDirectory }) => isDirectory);
        const files = entries.filter(({ isFile }) => isFile);
        if (!folders.length) return named(data.files);
        const [single, inside] = await Promise.all([files, folders].map((some) => Promise.all(some.map((each) => filesOf(each)))));
        return [...(single ?? []).flat(), ...modelwise.imagesOf((inside ?? []).flat())];
    }

    function picker(/** @type {Record<string, string>} */ attributes, /** @type {(files: File[]) => void} */ picked) {
        const box = /** @type {HTMLInputElement} */ (
            modelwise.element("input", "modelwise-box", [], { type: "file", multiple: "", ...attributes })
        );
        box.addEventListener("change", () => {
            const files = [...(box.files ?? [])];
            box.value = ""; // so that the same can be picked again
            picked(files);
        });
        return box;
    }

    const holdsFiles = (/** @type {DataTransfer | null} */ data) => data?.types.includes("Files") ?? false;

    /** The part of a section that takes images. `given`: called with them; `failed`: with why they can't be read. */
    modelwise.imageIntake = function (given, failed) {
        const { element: make } = modelwise;
        const images = picker({ accept: "image/*" }, (files) => given(named(files)));
        const folder = picker({ webkitdirectory: "" }, (files) =>
            given(modelwise.imagesOf(files.map((file) => ({ name: file.webkitRelativePath || file.name, file })))),
        );
        const place = make("div", "modelwise-intake", [
            make("p", "", "Drop images or folders here, paste an image, or pick some. They go to this WebUI's own machine, one by one, and are kept nowhere."),
            make("div", "modelwise-row", [modelwise.labelled("Images", images), modelwise.labelled("A folder", folder)]),
        ]);
        const over = (/** @type {boolean} */ on) => place.classList.toggle("modelwise-over", on);

        place.addEventListener("dragover", (event) => {
            if (!holdsFiles(event.dataTransfer)) return;
            event.preventDefault();
            event.stopPropagation();
            over(true);
        });
        place.addEventListener("dragleave", () => over(false));
        place.addEventListener("drop", (event) => {
            over(false);
            if (!event.dataTransfer || !holdsFiles(event.dataTransfer)) return;
            event.preventDefault();
            event.stopPropagation(); // the WebUI's own script would take it for a prompt's picture
            dropped(event.dataTransfer).then(given, failed);
        });
        document.addEventListener("paste", (event) => {
            const files = [...(event.clipboardData?.files ?? [])].filter(isImage);
            if (!files.length || place.offsetParent === null) return;
            event.preventDefault();
            given(named(files));
        });
        return place;
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
