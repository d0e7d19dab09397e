/**
 * Loaded into a role (`node --require`): kills it at a crash point (config/crash-points.ts). DIE_AT = the point's channel,
 * DIE_WHEN = `start`, before it is carried out, or `asyncEnd`, once it has been.
 */
const { subscribe } = require('node:diagnostics_channel');

const { DIE_AT, DIE_WHEN } = process.env;
if (DIE_AT) subscribe(`tracing:${DIE_AT}:${DIE_WHEN}`, () => process.kill(process.pid, 'SIGKILL'));
