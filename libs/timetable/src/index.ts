export { readCalendar } from './calendar.js';
export { problemsFrom, readTimetable, type ReadTimetable, type Slot, type Timetable } from './timetable.js';
export { parseMoment } from './moment.js';
export { Zone } from './zone.js';
