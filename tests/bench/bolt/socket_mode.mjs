// The client below Bolt alone: nothing but acks.
import { SocketModeClient, LogLevel } from '@slack/socket-mode';

const client = new SocketModeClient({
  appToken: process.env.SLACK_APP_TOKEN,
  logLevel: LogLevel.ERROR,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
});
client.on('slack_event', async ({ ack }) => ack());
await client.start();
