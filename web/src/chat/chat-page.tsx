// Placeholder until the screen is written.
export function ChatPage() {
  return <h1>Chat</h1>
}
