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

/** What the doctor says (modelwise/doctor/findings.py). */
type Severity = "problem" | "warning" | "note";

interface Finding {
    check: string;
    severity: Severity;
    certainty: "certain" | "likely" | "possible";
    found: string;
    meaning: string;
    advice: string;
    tensors: string[];
}

/** A checkpoint's file, examined (modelwise/webui/checkpoint_examinations.py). */
interface FileHealth {
    number: number;
    checkpoint: string;
    tensors: number;
    tensors_read: number;
    findings: Finding[];
}

interface Examinations {
    progress: Progress;
    found: FileHealth[];
}

/** The loaded model (modelwise/webui/model_doctor.py). */
interface ModelHealth {
    state: "unavailable" | "sound" | "damaged" | "repaired";
    checkpoint: string;
    says: string;
    repairable: boolean;
    findings: Finding[];
    changes: string[];
}

type CheckpointColumn = keyof CheckpointRow | "health";

/** What is known of the files, by the checkpoint's name. */
type Healths = Map<string, FileHealth>;

/** Which rows are shown, in which order. */
interface RowChoice {
    text: string;
    unknown: boolean;
    findings: boolean;
    column: CheckpointColumn;
    descending: boolean;
    healths: Healths;
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
    CHECKPOINT_COLUMNS: [CheckpointColumn, string][];
    chosenRows(rows: CheckpointRow[], choice: RowChoice): CheckpointRow[];
    checkpointRow(
        row: CheckpointRow,
        profiles: () => Record<string, string>,
        choose: (profile: string) => unknown,
        health: HTMLElement,
    ): HTMLElement;
    profileCell(
        row: CheckpointRow,
        profiles: () => Record<string, string>,
        choose: (profile: string) => unknown,
    ): HTMLElement;
    healthRank(health: FileHealth | undefined): number;
    healthWords(health: FileHealth | undefined): string;
    healthMark(health: FileHealth | undefined): HTMLElement;
    findingList(findings: Finding[]): HTMLElement;
    healthDetails(health: FileHealth): HTMLElement;
    healthCell(
        row: CheckpointRow,
        page: {
            health: () => FileHealth | undefined;
            learnt: (found: FileHealth) => void;
            say: (words: string) => void;
        },
    ): { cell: HTMLElement; show: () => void };
    examining(
        place: HTMLElement,
        page: { names: () => string[] | null; learnt: (found: FileHealth[]) => void; say: (words: string) => void },
    ): { element: HTMLElement; resume: () => Promise<void> };
    examineOne(checkpoint: string): Promise<FileHealth>;
    modelDoctor(): HTMLElement;
    addedWords(answer: AddedTagList): string;
    tagUpload(added: (answer: AddedTagList) => void): HTMLElement;
    tagSearch(): HTMLElement;
    tagFacts(answer: TagAnswer): [string, string][];
}
