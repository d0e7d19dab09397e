/** The worker role: runs the campaign workflows and their activities. `npm run worker`. */
import { runWorker } from './run-worker';
import { startRole } from '../config/role';

void startRole('worker', ['telegram', 'gupshup', 'amocrm', 'temporal', 'mongodb'], runWorker);
