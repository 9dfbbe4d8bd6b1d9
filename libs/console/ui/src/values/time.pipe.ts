import { inject, Pipe, type PipeTransform } from '@angular/core';
import { Language } from '../language/language.js';

/** A moment in the words of the language, in the zone of the browser. */
export const formatTime = (iso: string, language: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(iso));

/** A moment of the API as people read it. */
@Pipe({ name: 'olTime', pure: false })
export class TimePipe implements PipeTransform {
  private readonly language = inject(Language);

  transform(iso: string | null | undefined): string {
    return iso ? formatTime(iso, this.language.current()) : '–';
  }
}
