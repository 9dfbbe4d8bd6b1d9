import { Directive, Injectable } from '@angular/core';
import { FA11yController } from '@foblex/flow';

/** Names nodes and arrows for screen readers once a frame. The drawing library does so for all of them whenever one was measured. */
@Injectable()
class SparingController extends FA11yController {
  constructor() {
    super();
    const nameAll = this['_applySemantics'].bind(this) as () => void;
    let isDue = false;
    this['_applySemantics'] = (): void => {
      if (isDue) return;
      isDue = true;
      requestAnimationFrame(() => {
        isDue = false;
        nameAll();
      });
    };
  }
}

/** On a flow of many nodes: the first load is not spent on naming them again and again, which with 500 is over half a second. */
@Directive({ selector: 'f-flow[olNamedOnceAFrame]', providers: [{ provide: FA11yController, useClass: SparingController }] })
export class NamedOnceAFrame {}
