/** A value as it was written: a text without outer spaces, anything else as JSON, which unlike `String` never throws. */
export const asWritten = (value: unknown): string => (typeof value === 'string' ? value.trim() : JSON.stringify(value ?? null));
