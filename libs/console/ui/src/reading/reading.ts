import { computed, resource, type ResourceOptions, type Signal } from '@angular/core';
import { toProblem, type ApiProblem } from '@orderlines/console/api';

/** Something that is read from the server. */
export interface Reading<Value> {
  /** What came last; undefined while nothing has come, and when it was refused. */
  readonly value: Signal<Value | undefined>;
  readonly problem: Signal<ApiProblem | undefined>;
  readonly isLoading: Signal<boolean>;
  reload(): void;
}

/** A resource whose value can always be asked for: a refusal is a value of its own and throws nothing into a page. */
export const reading = <Value, Params = undefined>(options: ResourceOptions<Value, Params>): Reading<Value> => {
  const asked = resource(options);
  return {
    value: computed(() => (asked.hasValue() ? asked.value() : undefined)) as Signal<Value | undefined>,
    problem: computed(() => (asked.status() === 'error' ? toProblem(asked.error()) : undefined)),
    isLoading: asked.isLoading,
    reload: () => void asked.reload(),
  };
};
