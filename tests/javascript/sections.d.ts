// What the tab's sections Checkpoints, Tags and About ask the server for, and what they have for each other.

/** How far some work is (modelwise/webui/background.py). */
interface Progress {
    state: "idle" | "running" | "done" | "stopped" | "failed";
    done: number;
    total: number | null;
    message: string;
}

/** A checkpoint (modelwise/webui/checkpoint_scan.py). */
interface CheckpointRow {
    checkpoint: string;
    profile: string;
    name: string;
    architecture: string;
    rule: string;
    reason: string;
    suggestion: string | null;
    recognised: boolean;
    chosen: boolean;
}

interface CheckpointList {
    progress: Progress;
    checkpoints: CheckpointRow[];
}

/** Which rows are shown, in which order. */
interface RowChoice {
    text: string;
    unknown: boolean;
    column: keyof CheckpointRow;
    descending: boolean;
}

/** A tag list (modelwise/webui/api/tag_lists.py). */
interface TagListFacts {
    name: string;
    rows: number;
    problem_count: number;
    problems: string[];
    conflicts: number;
    own: boolean;
}

interface FetchStatus {
    progress: Progress;
    kept: number;
    address: string;
}

interface TagLists {
    tags: number;
    lists: TagListFacts[];
    fetch: FetchStatus;
}

interface AddedTagList {
    added: string;
    tags: TagLists;
}

interface KnownTag {
    name: string;
    category: string;
    list: string;
    exact: boolean;
    everyday: boolean;
    aliases: string[];
    alias_count: number;
    series: string[];
}

interface TagAnswer {
    tag: string;
    found: KnownTag | null;
    meant: string | null;
    near: string[];
}

interface Fact {
    name: string;
    value: string;
}

/** What runs here (modelwise/webui/api/about.py). */
interface About {
    versions: Fact[];
    features: { name: string; found: boolean; use: string }[];
    loaded: Fact[];
    timings: { work: string; milliseconds: number }[];
    log: string[];
    report: string;
}

interface ProgressBar {
    element: HTMLElement;
    show(progress: Progress, unit: string): void;
}

interface Modelwise {
    panelsFollow(): void;
    progressBar(name: string): ProgressBar;
    progressWords(progress: Pick<Progress, "done" | "total">, unit: string): string;
    count(value: number): string;
    follow<Answer extends { progress: Progress }>(
        place: HTMLElement,
        ask: () => Promise<Answer>,
        show: (answer: Answer) => void,
    ): Promise<void>;
    askingButton(label: string, question: string, act: () => unknown, title?: string): HTMLElement;
    CHECKPOINT_COLUMNS: [keyof CheckpointRow, string][];
    chosenRows(rows: CheckpointRow[], choice: RowChoice): CheckpointRow[];
    checkpointRow(
        row: CheckpointRow,
        profiles: () => Record<string, string>,
        choose: (profile: string) => unknown,
    ): HTMLElement;
    addedWords(answer: AddedTagList): string;
    tagUpload(added: (answer: AddedTagList) => void): HTMLElement;
    tagSearch(): HTMLElement;
    tagFacts(answer: TagAnswer): [string, string][];
}
