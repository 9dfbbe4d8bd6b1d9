export { importLegacy, type LegacyImport, type LegacyOptions } from './import.js';
export { isLegacy } from './source.js';
export { LEGACY_YAML, looksLegacy } from './yaml11.js';
export { exportLegacy, type LegacyExport } from './export.js';
