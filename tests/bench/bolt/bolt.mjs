// An app that has nothing to do for the messages of a channel, as most bots have: Bolt acks them.
import bolt from '@slack/bolt';

const clientOptions = { slackApiUrl: process.env.SLACK_API_URL };
const app = new bolt.App({
  token: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  socketMode: true,
  logLevel: bolt.LogLevel.ERROR,
  clientOptions,
  installerOptions: { clientOptions },
});
app.message(async () => {});
await app.start();
