/** What a text can mean when somebody names a process. */
export type ProcessReference =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'name'; readonly namespace: string; readonly name: string }
  /** `process_id` of an imported file of the older format. */
  | { readonly kind: 'legacy-id'; readonly legacyId: string };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The meanings of a text that names a process, the likeliest first. */
export const readProcessReference = (text: string): ProcessReference[] => {
  const slash = text.indexOf('/');
  const named: ProcessReference =
    slash > 0 ? { kind: 'name', namespace: text.slice(0, slash), name: text.slice(slash + 1) } : { kind: 'legacy-id', legacyId: text };
  return UUID.test(text) ? [{ kind: 'id', id: text }, named] : [named];
};
