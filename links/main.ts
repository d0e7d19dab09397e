/** The redirect role: leads whoever presses a tracked link to its target, and counts it. `npm run links`. */
import { startRole } from '../config/role';
import { runLinks } from './run-links';

void startRole('links', ['mongodb', 'links'], runLinks);
