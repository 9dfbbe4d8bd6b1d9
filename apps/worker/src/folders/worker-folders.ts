import { mkdirSync, utimesSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Folders of one attempt; made when a task first asks for them, since most tasks need none. */
export interface AttemptFolders {
  readonly work: string;
  readonly state: string;
  /** Empties them; a shared run folder stays. */
  remove(): Promise<void>;
}

/** Names of shared folders come over the wire: nothing in them may lead elsewhere. */
const WORKSPACE_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,199}$/;

/** The folders of one worker: `workspaces/<name>` shared by the tasks of a run, `attempts/<attempt>` of one task, `groups` of processes. */
export class WorkerFolders {
  readonly root: string;
  private readonly used = new Map<string, number>();

  constructor(dataDir: string, worker: string) {
    this.root = resolve(dataDir, 'workers', worker);
  }

  get groups(): string {
    return join(this.root, 'groups');
  }

  /** Clears what attempts of a former worker left; shared folders are taken up again. */
  async open(): Promise<void> {
    await rm(join(this.root, 'attempts'), { recursive: true, force: true, maxRetries: 3 });
    await mkdir(join(this.root, 'attempts'), { recursive: true });
    await mkdir(join(this.root, 'workspaces'), { recursive: true });
  }

  /** Folders for an attempt; throws when the name of a shared one is no folder name. */
  forAttempt(attemptKey: string, workspace: string | undefined): AttemptFolders {
    if (workspace !== undefined) this.use(workspace);
    const own = join(this.root, 'attempts', attemptKey);
    let made = false;
    const make = (path: string) => {
      made ||= path.startsWith(own);
      mkdirSync(path, { recursive: true });
      return path;
    };
    const work = workspace === undefined ? join(own, 'work') : join(this.root, 'workspaces', workspace);
    return {
      get work() {
        return make(work);
      },
      get state() {
        return make(join(own, 'state'));
      },
      remove: async () => {
        if (workspace !== undefined) this.release(workspace);
        if (made) await rm(own, { recursive: true, force: true, maxRetries: 3 });
      },
    };
  }

  /** Names of the shared folders that lie here. */
  workspaces(): Promise<string[]> {
    return readdir(join(this.root, 'workspaces'));
  }

  /** Removes a shared folder, unless a task uses it. */
  async removeWorkspace(name: string): Promise<void> {
    if (!WORKSPACE_NAME.test(name) || this.used.has(name)) return;
    await rm(join(this.root, 'workspaces', name), { recursive: true, force: true, maxRetries: 3 });
  }

  /** Removes shared folders that no task has used for so long. */
  async removeOldWorkspaces(ageMs: number): Promise<void> {
    for (const name of await this.workspaces()) {
      const found = await stat(join(this.root, 'workspaces', name)).catch(() => undefined);
      if (found !== undefined && Date.now() - found.mtimeMs > ageMs) await this.removeWorkspace(name);
    }
  }

  private use(workspace: string): void {
    if (!WORKSPACE_NAME.test(workspace)) throw new Error(`"${workspace}" cannot be the name of a shared run folder`);
    this.used.set(workspace, (this.used.get(workspace) ?? 0) + 1);
    const folder = join(this.root, 'workspaces', workspace);
    mkdirSync(folder, { recursive: true });
    utimesSync(folder, new Date(), new Date());
  }

  private release(workspace: string): void {
    const left = (this.used.get(workspace) ?? 1) - 1;
    if (left > 0) this.used.set(workspace, left);
    else this.used.delete(workspace);
  }
}
