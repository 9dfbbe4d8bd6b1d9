/** Somebody who wants to answer an approval, as the door that let them in knows them. */
export interface Person {
  readonly userName: string;
  readonly administrator: boolean;
  readonly roles: readonly string[];
  readonly groups: readonly string[];
}

/** Names of those who may answer, as a definition gives them. */
export interface Named {
  readonly users: readonly string[];
  readonly roles: readonly string[];
  readonly groups: readonly string[];
}

/** Who may answer an approval, in the words of {@link candidateKeys}. */
export interface Candidates {
  readonly candidates: readonly string[];
  /** The user who started the run, when nobody may approve their own. */
  readonly excluded?: string | undefined;
}

/** Whether somebody may answer: as which of the candidates (none: as an administrator), or why not. */
export type Standing =
  | { readonly may: true; readonly as: readonly string[] }
  | { readonly may: false; readonly code: 'approval.own-run' | 'approval.not-a-candidate'; readonly message: string };

/** One key for everybody who is named, e.g. `user:alice` or `group:release-managers`: what is stored and searched for. */
export const candidateKeys = ({ users, roles, groups }: Named): string[] => [
  ...new Set([...users.map(userKey), ...roles.map((name) => `role:${name}`), ...groups.map((name) => `group:${name}`)]),
];

/** The candidates that a person is, wherever somebody asks for them. */
export const keysOf = ({ userName, roles, groups }: Person): string[] => candidateKeys({ users: [userName], roles, groups });

/** The key of a user; the case of user names does not matter. */
export const userKey = (userName: string): string => `user:${userName.toLowerCase()}`;

/** May this person answer? Those who are named may, and administrators; nobody else, and not the excluded one. */
export function standingOf({ candidates, excluded }: Candidates, person: Person): Standing {
  const keys = keysOf(person);
  if (excluded !== undefined && excluded === userKey(person.userName)) {
    const message = `${person.userName} started the run, and who started it may not approve it.`;
    return { may: false, code: 'approval.own-run', message };
  }
  const as = candidates.filter((candidate) => keys.includes(candidate));
  if (as.length > 0 || person.administrator) return { may: true, as };
  return { may: false, code: 'approval.not-a-candidate', message: `${person.userName} is not asked. ${whoIsAsked(candidates)}` };
}

const whoIsAsked = (candidates: readonly string[]): string =>
  candidates.length === 0 ? 'Only administrators may answer.' : `Asked are ${candidates.map((key) => key.replace(':', ' ')).join(', ')}.`;
