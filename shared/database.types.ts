// Generated from supabase/migrations by `npm run gen:types`. Do not edit.
export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

export type Database = {
  public: {
    Tables: {
      astra_attachments: {
        Row: {
          chat_id: string
          content: string
          created_at: string
          id: string
          media_type: string
          message_id: string
          name: string
          position: number
          team_id: string
        }
        Insert: {
          chat_id: string
          content: string
          created_at?: string
          id?: string
          media_type: string
          message_id: string
          name: string
          position: number
          team_id: string
        }
        Update: {
          chat_id?: string
          content?: string
          created_at?: string
          id?: string
          media_type?: string
          message_id?: string
          name?: string
          position?: number
          team_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'attachment_of_its_message'
            columns: ['team_id', 'chat_id', 'message_id']
            isOneToOne: false
            referencedRelation: 'astra_messages'
            referencedColumns: ['team_id', 'chat_id', 'id']
          },
        ]
      }
      astra_chats: {
        Row: {
          archived_at: string | null
          created_at: string
          id: string
          read_outside_at: string | null
          team_id: string
          title: string
          updated_at: string
          user_id: string | null
          visibility: string
        }
        Insert: {
          archived_at?: string | null
          created_at?: string
          id?: string
          read_outside_at?: string | null
          team_id: string
          title?: string
          updated_at?: string
          user_id?: string | null
          visibility?: string
        }
        Update: {
          archived_at?: string | null
          created_at?: string
          id?: string
          read_outside_at?: string | null
          team_id?: string
          title?: string
          updated_at?: string
          user_id?: string | null
          visibility?: string
        }
        Relationships: [
          {
            foreignKeyName: 'astra_chats_team_id_fkey'
            columns: ['team_id']
            isOneToOne: false
            referencedRelation: 'teams'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'astra_chats_user_id_fkey'
            columns: ['user_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      astra_messages: {
        Row: {
          answers: string | null
          chat_id: string
          continues: string | null
          created_at: string
          id: string
          metadata: Json
          parts: Json
          role: string
          saved_at: string
          status: string
          stop_requested_at: string | null
          superseded_at: string | null
          team_id: string
          user_id: string | null
          waits: boolean
          words: unknown | null
        }
        Insert: {
          answers?: string | null
          chat_id: string
          continues?: string | null
          created_at?: string
          id?: string
          metadata?: Json
          parts?: Json
          role: string
          saved_at?: string
          status?: string
          stop_requested_at?: string | null
          superseded_at?: string | null
          team_id: string
          user_id?: string | null
          waits?: boolean
          words?: never
        }
        Update: {
          answers?: string | null
          chat_id?: string
          continues?: string | null
          created_at?: string
          id?: string
          metadata?: Json
          parts?: Json
          role?: string
          saved_at?: string
          status?: string
          stop_requested_at?: string | null
          superseded_at?: string | null
          team_id?: string
          user_id?: string | null
          waits?: boolean
          words?: never
        }
        Relationships: [
          {
            foreignKeyName: 'answers_a_message_of_its_chat'
            columns: ['team_id', 'chat_id', 'answers']
            isOneToOne: false
            referencedRelation: 'astra_messages'
            referencedColumns: ['team_id', 'chat_id', 'id']
          },
          {
            foreignKeyName: 'astra_messages_user_id_fkey'
            columns: ['user_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'continues_a_message_of_its_chat'
            columns: ['team_id', 'chat_id', 'continues']
            isOneToOne: true
            referencedRelation: 'astra_messages'
            referencedColumns: ['team_id', 'chat_id', 'id']
          },
          {
            foreignKeyName: 'message_of_the_same_team'
            columns: ['team_id', 'chat_id']
            isOneToOne: false
            referencedRelation: 'astra_chats'
            referencedColumns: ['team_id', 'id']
          },
        ]
      }
      devices: {
        Row: {
          auth: string
          created_at: string
          endpoint: string
          failures: number
          id: string
          label: string
          p256dh: string
          reached_at: string | null
          user_id: string
        }
        Insert: {
          auth: string
          created_at?: string
          endpoint: string
          failures?: number
          id?: string
          label: string
          p256dh: string
          reached_at?: string | null
          user_id: string
        }
        Update: {
          auth?: string
          created_at?: string
          endpoint?: string
          failures?: number
          id?: string
          label?: string
          p256dh?: string
          reached_at?: string | null
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'devices_user_id_fkey'
            columns: ['user_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      mcp_approvals: {
        Row: {
          arguments_hash: string
          asked_at: string
          decided_at: string | null
          decided_by: string | null
          decision: string | null
          edited: boolean
          execution_id: string
          expires_at: string
          id: string
          needs: string
          team_id: string
          tool_id: string
          user_id: string | null
          via: string
        }
        Insert: {
          arguments_hash: string
          asked_at?: string
          decided_at?: string | null
          decided_by?: string | null
          decision?: string | null
          edited?: boolean
          execution_id: string
          expires_at: string
          id: string
          needs: string
          team_id: string
          tool_id: string
          user_id?: string | null
          via?: string
        }
        Update: {
          arguments_hash?: string
          asked_at?: string
          decided_at?: string | null
          decided_by?: string | null
          decision?: string | null
          edited?: boolean
          execution_id?: string
          expires_at?: string
          id?: string
          needs?: string
          team_id?: string
          tool_id?: string
          user_id?: string | null
          via?: string
        }
        Relationships: [
          {
            foreignKeyName: 'approval_of_the_teams_execution'
            columns: ['team_id', 'execution_id']
            isOneToOne: false
            referencedRelation: 'mcp_tool_executions'
            referencedColumns: ['team_id', 'id']
          },
          {
            foreignKeyName: 'approval_of_the_teams_tool'
            columns: ['team_id', 'tool_id']
            isOneToOne: false
            referencedRelation: 'mcp_tools'
            referencedColumns: ['team_id', 'id']
          },
          {
            foreignKeyName: 'mcp_approvals_decided_by_fkey'
            columns: ['decided_by']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      mcp_endpoints: {
        Row: {
          check_at: string
          checked_at: string | null
          failures: number
          last_error: string | null
          latency_ms: number | null
          position: number
          rests: number
          rests_until: string | null
          server_id: string
          status: string
          team_id: string
          tried_by: string | null
          url: string
        }
        Insert: {
          check_at?: string
          checked_at?: string | null
          failures?: number
          last_error?: string | null
          latency_ms?: number | null
          position: number
          rests?: number
          rests_until?: string | null
          server_id: string
          status?: string
          team_id: string
          tried_by?: string | null
          url: string
        }
        Update: {
          check_at?: string
          checked_at?: string | null
          failures?: number
          last_error?: string | null
          latency_ms?: number | null
          position?: number
          rests?: number
          rests_until?: string | null
          server_id?: string
          status?: string
          team_id?: string
          tried_by?: string | null
          url?: string
        }
        Relationships: [
          {
            foreignKeyName: 'endpoint_of_the_teams_server'
            columns: ['team_id', 'server_id']
            isOneToOne: false
            referencedRelation: 'mcp_servers'
            referencedColumns: ['team_id', 'id']
          },
        ]
      }
      mcp_execution_waits: {
        Row: {
          answer: Json | null
          config: Json
          definition_hash: string
          encrypted_value: string
          execution_id: string
          held: boolean
          key_version: number
          since: string
          task_until: string | null
          team_id: string
        }
        Insert: {
          answer?: Json | null
          config: Json
          definition_hash: string
          encrypted_value: string
          execution_id: string
          held: boolean
          key_version: number
          since?: string
          task_until?: string | null
          team_id: string
        }
        Update: {
          answer?: Json | null
          config?: Json
          definition_hash?: string
          encrypted_value?: string
          execution_id?: string
          held?: boolean
          key_version?: number
          since?: string
          task_until?: string | null
          team_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'wait_of_the_teams_execution'
            columns: ['team_id', 'execution_id']
            isOneToOne: false
            referencedRelation: 'mcp_tool_executions'
            referencedColumns: ['team_id', 'id']
          },
        ]
      }
      mcp_oauth_clients: {
        Row: {
          created_at: string
          encrypted_value: string
          id: string
          is_given: boolean
          issuer: string
          key_version: number
          server_id: string
          team_id: string
        }
        Insert: {
          created_at?: string
          encrypted_value: string
          id?: string
          is_given: boolean
          issuer: string
          key_version: number
          server_id: string
          team_id: string
        }
        Update: {
          created_at?: string
          encrypted_value?: string
          id?: string
          is_given?: boolean
          issuer?: string
          key_version?: number
          server_id?: string
          team_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'client_of_the_same_team'
            columns: ['team_id', 'server_id']
            isOneToOne: false
            referencedRelation: 'mcp_servers'
            referencedColumns: ['team_id', 'id']
          },
        ]
      }
      mcp_oauth_flows: {
        Row: {
          account: string
          created_at: string
          encrypted_value: string
          expires_at: string
          key_version: number
          return_to: string
          server_id: string
          state_hash: string
          team_id: string
          user_id: string
        }
        Insert: {
          account: string
          created_at?: string
          encrypted_value: string
          expires_at?: string
          key_version: number
          return_to: string
          server_id: string
          state_hash: string
          team_id: string
          user_id: string
        }
        Update: {
          account?: string
          created_at?: string
          encrypted_value?: string
          expires_at?: string
          key_version?: number
          return_to?: string
          server_id?: string
          state_hash?: string
          team_id?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'flow_of_a_member'
            columns: ['team_id', 'user_id']
            isOneToOne: false
            referencedRelation: 'team_members'
            referencedColumns: ['team_id', 'user_id']
          },
          {
            foreignKeyName: 'flow_of_the_same_team'
            columns: ['team_id', 'server_id']
            isOneToOne: false
            referencedRelation: 'mcp_servers'
            referencedColumns: ['team_id', 'id']
          },
        ]
      }
      mcp_policy_changes: {
        Row: {
          allows_always: boolean
          allows_always_before: boolean
          changed_at: string
          changed_by: string | null
          id: string
          policy: string
          policy_before: string
          sends_out: boolean
          sends_out_before: boolean
          team_id: string
          tool_id: string
        }
        Insert: {
          allows_always: boolean
          allows_always_before: boolean
          changed_at?: string
          changed_by?: string | null
          id?: string
          policy: string
          policy_before: string
          sends_out: boolean
          sends_out_before: boolean
          team_id: string
          tool_id: string
        }
        Update: {
          allows_always?: boolean
          allows_always_before?: boolean
          changed_at?: string
          changed_by?: string | null
          id?: string
          policy?: string
          policy_before?: string
          sends_out?: boolean
          sends_out_before?: boolean
          team_id?: string
          tool_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'mcp_policy_changes_changed_by_fkey'
            columns: ['changed_by']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'policy_change_of_the_teams_tool'
            columns: ['team_id', 'tool_id']
            isOneToOne: false
            referencedRelation: 'mcp_tools'
            referencedColumns: ['team_id', 'id']
          },
        ]
      }
      mcp_server_credentials: {
        Row: {
          created_at: string
          credential_type: string
          encrypted_value: string
          expires_at: string | null
          id: string
          key_version: number
          last_used_at: string | null
          renewing_until: string | null
          server_id: string
          team_id: string
          user_id: string | null
        }
        Insert: {
          created_at?: string
          credential_type: string
          encrypted_value: string
          expires_at?: string | null
          id?: string
          key_version: number
          last_used_at?: string | null
          renewing_until?: string | null
          server_id: string
          team_id: string
          user_id?: string | null
        }
        Update: {
          created_at?: string
          credential_type?: string
          encrypted_value?: string
          expires_at?: string | null
          id?: string
          key_version?: number
          last_used_at?: string | null
          renewing_until?: string | null
          server_id?: string
          team_id?: string
          user_id?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'credential_of_a_member'
            columns: ['team_id', 'user_id']
            isOneToOne: false
            referencedRelation: 'team_members'
            referencedColumns: ['team_id', 'user_id']
          },
          {
            foreignKeyName: 'credential_of_the_same_team'
            columns: ['team_id', 'server_id']
            isOneToOne: false
            referencedRelation: 'mcp_servers'
            referencedColumns: ['team_id', 'id']
          },
        ]
      }
      mcp_servers: {
        Row: {
          account: string
          checked_at: string | null
          config: Json
          connection_status: string
          created_at: string
          created_by: string | null
          credential_expires_at: string | null
          credential_type: string | null
          description: string | null
          health: string
          health_error: string | null
          id: string
          instructions: string | null
          is_active: boolean
          last_connected_at: string | null
          last_error: string | null
          latency_ms: number | null
          name: string
          protocol: Json | null
          protocol_version: string | null
          removed_at: string | null
          server_type: string
          team_id: string
          tools_stale_at: string | null
          transport: string | null
          updated_at: string
        }
        Insert: {
          account?: string
          checked_at?: string | null
          config: Json
          connection_status?: string
          created_at?: string
          created_by?: string | null
          credential_expires_at?: string | null
          credential_type?: string | null
          description?: string | null
          health?: string
          health_error?: string | null
          id?: string
          instructions?: string | null
          is_active?: boolean
          last_connected_at?: string | null
          last_error?: string | null
          latency_ms?: number | null
          name: string
          protocol?: Json | null
          protocol_version?: never
          removed_at?: string | null
          server_type: string
          team_id: string
          tools_stale_at?: string | null
          transport?: never
          updated_at?: string
        }
        Update: {
          account?: string
          checked_at?: string | null
          config?: Json
          connection_status?: string
          created_at?: string
          created_by?: string | null
          credential_expires_at?: string | null
          credential_type?: string | null
          description?: string | null
          health?: string
          health_error?: string | null
          id?: string
          instructions?: string | null
          is_active?: boolean
          last_connected_at?: string | null
          last_error?: string | null
          latency_ms?: number | null
          name?: string
          protocol?: Json | null
          protocol_version?: never
          removed_at?: string | null
          server_type?: string
          team_id?: string
          tools_stale_at?: string | null
          transport?: never
          updated_at?: string
        }
        Relationships: [
          {
            foreignKeyName: 'mcp_servers_created_by_fkey'
            columns: ['created_by']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'mcp_servers_team_id_fkey'
            columns: ['team_id']
            isOneToOne: false
            referencedRelation: 'teams'
            referencedColumns: ['id']
          },
        ]
      }
      mcp_standing_approvals: {
        Row: {
          created_at: string
          definition_hash: string
          team_id: string
          tool_id: string
          user_id: string
        }
        Insert: {
          created_at?: string
          definition_hash: string
          team_id: string
          tool_id: string
          user_id: string
        }
        Update: {
          created_at?: string
          definition_hash?: string
          team_id?: string
          tool_id?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'standing_approval_of_a_member'
            columns: ['team_id', 'user_id']
            isOneToOne: false
            referencedRelation: 'team_members'
            referencedColumns: ['team_id', 'user_id']
          },
          {
            foreignKeyName: 'standing_approval_of_the_teams_tool'
            columns: ['team_id', 'tool_id']
            isOneToOne: false
            referencedRelation: 'mcp_tools'
            referencedColumns: ['team_id', 'id']
          },
        ]
      }
      mcp_tool_executions: {
        Row: {
          approval: string | null
          asked: Json | null
          attempts: Json | null
          cache_key: string | null
          cached_at: string | null
          cancel_requested_at: string | null
          chat_id: string | null
          completed_at: string | null
          duration_ms: number | null
          endpoint: string | null
          error_code: string | null
          error_message: string | null
          executed_at: string
          id: string
          idempotency_key: string | null
          input_parameters: Json
          lease_expires_at: string
          message_id: string | null
          mode: string
          origin: string
          output_result: Json | null
          poll_at: string | null
          progress: Json | null
          request_hash: string | null
          running_since: string | null
          server_id: string
          started_at: string
          status: string
          team_id: string
          tool_id: string
          user_id: string | null
        }
        Insert: {
          approval?: string | null
          asked?: Json | null
          attempts?: Json | null
          cache_key?: string | null
          cached_at?: string | null
          cancel_requested_at?: string | null
          chat_id?: string | null
          completed_at?: string | null
          duration_ms?: number | null
          endpoint?: string | null
          error_code?: string | null
          error_message?: string | null
          executed_at?: string
          id?: string
          idempotency_key?: string | null
          input_parameters: Json
          lease_expires_at?: string
          message_id?: string | null
          mode?: string
          origin?: string
          output_result?: Json | null
          poll_at?: string | null
          progress?: Json | null
          request_hash?: string | null
          running_since?: string | null
          server_id: string
          started_at?: string
          status?: string
          team_id: string
          tool_id: string
          user_id?: string | null
        }
        Update: {
          approval?: string | null
          asked?: Json | null
          attempts?: Json | null
          cache_key?: string | null
          cached_at?: string | null
          cancel_requested_at?: string | null
          chat_id?: string | null
          completed_at?: string | null
          duration_ms?: number | null
          endpoint?: string | null
          error_code?: string | null
          error_message?: string | null
          executed_at?: string
          id?: string
          idempotency_key?: string | null
          input_parameters?: Json
          lease_expires_at?: string
          message_id?: string | null
          mode?: string
          origin?: string
          output_result?: Json | null
          poll_at?: string | null
          progress?: Json | null
          request_hash?: string | null
          running_since?: string | null
          server_id?: string
          started_at?: string
          status?: string
          team_id?: string
          tool_id?: string
          user_id?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'execution_in_the_teams_chat'
            columns: ['team_id', 'chat_id']
            isOneToOne: false
            referencedRelation: 'astra_chats'
            referencedColumns: ['team_id', 'id']
          },
          {
            foreignKeyName: 'execution_in_the_teams_message'
            columns: ['team_id', 'message_id']
            isOneToOne: false
            referencedRelation: 'astra_messages'
            referencedColumns: ['team_id', 'id']
          },
          {
            foreignKeyName: 'execution_of_the_teams_server'
            columns: ['team_id', 'server_id']
            isOneToOne: false
            referencedRelation: 'mcp_servers'
            referencedColumns: ['team_id', 'id']
          },
          {
            foreignKeyName: 'execution_of_the_teams_tool'
            columns: ['team_id', 'tool_id']
            isOneToOne: false
            referencedRelation: 'mcp_tools'
            referencedColumns: ['team_id', 'id']
          },
          {
            foreignKeyName: 'mcp_tool_executions_team_id_fkey'
            columns: ['team_id']
            isOneToOne: false
            referencedRelation: 'teams'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'mcp_tool_executions_user_id_fkey'
            columns: ['user_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      mcp_tools: {
        Row: {
          account: string | null
          allows_always: boolean
          annotations: Json | null
          cache_seconds: number | null
          created_at: string
          definition: Json
          definition_hash: string
          description: string | null
          id: string
          input_schema: Json
          is_enabled: boolean
          is_idempotent: boolean
          longest_seconds: number
          output_schema: Json | null
          policy: string
          rate_limit: number | null
          removed_at: string | null
          requires_confirmation: boolean | null
          sends_out: boolean
          server_id: string
          synced_at: string
          team_id: string
          timeout_seconds: number
          title: string | null
          tool_name: string
        }
        Insert: {
          account?: string | null
          allows_always?: boolean
          annotations?: Json | null
          cache_seconds?: number | null
          created_at?: string
          definition: Json
          definition_hash: string
          description?: string | null
          id?: string
          input_schema: Json
          is_enabled?: boolean
          is_idempotent?: boolean
          longest_seconds?: never
          output_schema?: Json | null
          policy?: string
          rate_limit?: number | null
          removed_at?: string | null
          requires_confirmation?: never
          sends_out?: boolean
          server_id: string
          synced_at?: string
          team_id: string
          timeout_seconds?: number
          title?: string | null
          tool_name: string
        }
        Update: {
          account?: string | null
          allows_always?: boolean
          annotations?: Json | null
          cache_seconds?: number | null
          created_at?: string
          definition?: Json
          definition_hash?: string
          description?: string | null
          id?: string
          input_schema?: Json
          is_enabled?: boolean
          is_idempotent?: boolean
          longest_seconds?: never
          output_schema?: Json | null
          policy?: string
          rate_limit?: number | null
          removed_at?: string | null
          requires_confirmation?: never
          sends_out?: boolean
          server_id?: string
          synced_at?: string
          team_id?: string
          timeout_seconds?: number
          title?: string | null
          tool_name?: string
        }
        Relationships: [
          {
            foreignKeyName: 'tool_of_the_same_team'
            columns: ['team_id', 'server_id']
            isOneToOne: false
            referencedRelation: 'mcp_servers'
            referencedColumns: ['team_id', 'id']
          },
        ]
      }
      notifications: {
        Row: {
          created_at: string
          execution_id: string
          id: string
          kind: string
          read_at: string | null
          team_id: string
          user_id: string
        }
        Insert: {
          created_at?: string
          execution_id: string
          id?: string
          kind: string
          read_at?: string | null
          team_id: string
          user_id: string
        }
        Update: {
          created_at?: string
          execution_id?: string
          id?: string
          kind?: string
          read_at?: string | null
          team_id?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'notification_of_a_member'
            columns: ['team_id', 'user_id']
            isOneToOne: false
            referencedRelation: 'team_members'
            referencedColumns: ['team_id', 'user_id']
          },
          {
            foreignKeyName: 'notification_of_the_teams_execution'
            columns: ['team_id', 'execution_id']
            isOneToOne: false
            referencedRelation: 'mcp_tool_executions'
            referencedColumns: ['team_id', 'id']
          },
        ]
      }
      profiles: {
        Row: {
          email: string | null
          full_name: string | null
          id: string
        }
        Insert: {
          email?: string | null
          full_name?: string | null
          id: string
        }
        Update: {
          email?: string | null
          full_name?: string | null
          id?: string
        }
        Relationships: []
      }
      pushes: {
        Row: {
          attempts: number
          created_at: string
          device_id: string
          edition: number
          execution_id: string
          expires_at: string
          follows: boolean
          id: string
          kind: string
          leased_until: string | null
          next_at: string
          sent_at: string | null
          team_id: string
          user_id: string
        }
        Insert: {
          attempts?: number
          created_at?: string
          device_id: string
          edition?: number
          execution_id: string
          expires_at: string
          follows?: boolean
          id?: string
          kind: string
          leased_until?: string | null
          next_at?: string
          sent_at?: string | null
          team_id: string
          user_id: string
        }
        Update: {
          attempts?: number
          created_at?: string
          device_id?: string
          edition?: number
          execution_id?: string
          expires_at?: string
          follows?: boolean
          id?: string
          kind?: string
          leased_until?: string | null
          next_at?: string
          sent_at?: string | null
          team_id?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'push_of_the_teams_execution'
            columns: ['team_id', 'execution_id']
            isOneToOne: false
            referencedRelation: 'mcp_tool_executions'
            referencedColumns: ['team_id', 'id']
          },
          {
            foreignKeyName: 'push_to_a_member'
            columns: ['team_id', 'user_id']
            isOneToOne: false
            referencedRelation: 'team_members'
            referencedColumns: ['team_id', 'user_id']
          },
          {
            foreignKeyName: 'push_to_its_persons_device'
            columns: ['user_id', 'device_id']
            isOneToOne: false
            referencedRelation: 'devices'
            referencedColumns: ['user_id', 'id']
          },
        ]
      }
      rate_windows: {
        Row: {
          calls: number
          scope: string
          started_at: string
          subject_id: string
          team_id: string
        }
        Insert: {
          calls: number
          scope: string
          started_at: string
          subject_id: string
          team_id: string
        }
        Update: {
          calls?: number
          scope?: string
          started_at?: string
          subject_id?: string
          team_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'rate_windows_team_id_fkey'
            columns: ['team_id']
            isOneToOne: false
            referencedRelation: 'teams'
            referencedColumns: ['id']
          },
        ]
      }
      team_invitations: {
        Row: {
          created_at: string
          email: string
          expires_at: string
          id: string
          invited_by: string | null
          role: string
          team_id: string
        }
        Insert: {
          created_at?: string
          email: string
          expires_at?: string
          id?: string
          invited_by?: string | null
          role?: string
          team_id: string
        }
        Update: {
          created_at?: string
          email?: string
          expires_at?: string
          id?: string
          invited_by?: string | null
          role?: string
          team_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'team_invitations_invited_by_fkey'
            columns: ['invited_by']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'team_invitations_team_id_fkey'
            columns: ['team_id']
            isOneToOne: false
            referencedRelation: 'teams'
            referencedColumns: ['id']
          },
        ]
      }
      team_members: {
        Row: {
          created_at: string
          role: string
          team_id: string
          user_id: string
        }
        Insert: {
          created_at?: string
          role?: string
          team_id: string
          user_id: string
        }
        Update: {
          created_at?: string
          role?: string
          team_id?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'team_members_team_id_fkey'
            columns: ['team_id']
            isOneToOne: false
            referencedRelation: 'teams'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'team_members_user_id_fkey'
            columns: ['user_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      team_model_changes: {
        Row: {
          after: Json | null
          before: Json | null
          changed_at: string
          changed_by: string | null
          id: string
          key_changed: boolean
          team_id: string
        }
        Insert: {
          after?: Json | null
          before?: Json | null
          changed_at?: string
          changed_by?: string | null
          id?: string
          key_changed: boolean
          team_id: string
        }
        Update: {
          after?: Json | null
          before?: Json | null
          changed_at?: string
          changed_by?: string | null
          id?: string
          key_changed?: boolean
          team_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'team_model_changes_changed_by_fkey'
            columns: ['changed_by']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'team_model_changes_team_id_fkey'
            columns: ['team_id']
            isOneToOne: false
            referencedRelation: 'teams'
            referencedColumns: ['id']
          },
        ]
      }
      team_models: {
        Row: {
          base_url: string | null
          changed_by: string | null
          encrypted_value: string | null
          key_set_at: string | null
          key_version: number | null
          name: string
          provider: string
          takes_images: boolean
          team_id: string
          updated_at: string
        }
        Insert: {
          base_url?: string | null
          changed_by?: string | null
          encrypted_value?: string | null
          key_set_at?: string | null
          key_version?: number | null
          name: string
          provider: string
          takes_images?: boolean
          team_id: string
          updated_at?: string
        }
        Update: {
          base_url?: string | null
          changed_by?: string | null
          encrypted_value?: string | null
          key_set_at?: string | null
          key_version?: number | null
          name?: string
          provider?: string
          takes_images?: boolean
          team_id?: string
          updated_at?: string
        }
        Relationships: [
          {
            foreignKeyName: 'team_models_changed_by_fkey'
            columns: ['changed_by']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'team_models_team_id_fkey'
            columns: ['team_id']
            isOneToOne: true
            referencedRelation: 'teams'
            referencedColumns: ['id']
          },
        ]
      }
      team_webhooks: {
        Row: {
          created_at: string
          created_by: string | null
          encrypted_value: string
          is_active: boolean
          key_version: number
          last_delivered_at: string | null
          last_error: string | null
          last_status: number | null
          last_tried_at: string | null
          team_id: string
          url: string
        }
        Insert: {
          created_at?: string
          created_by?: string | null
          encrypted_value: string
          is_active?: boolean
          key_version: number
          last_delivered_at?: string | null
          last_error?: string | null
          last_status?: number | null
          last_tried_at?: string | null
          team_id: string
          url: string
        }
        Update: {
          created_at?: string
          created_by?: string | null
          encrypted_value?: string
          is_active?: boolean
          key_version?: number
          last_delivered_at?: string | null
          last_error?: string | null
          last_status?: number | null
          last_tried_at?: string | null
          team_id?: string
          url?: string
        }
        Relationships: [
          {
            foreignKeyName: 'team_webhooks_created_by_fkey'
            columns: ['created_by']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'team_webhooks_team_id_fkey'
            columns: ['team_id']
            isOneToOne: true
            referencedRelation: 'teams'
            referencedColumns: ['id']
          },
        ]
      }
      teams: {
        Row: {
          created_at: string
          id: string
          name: string
          rate_per_person: number | null
          rate_per_team: number | null
          rate_window_seconds: number
          updated_at: string
        }
        Insert: {
          created_at?: string
          id?: string
          name: string
          rate_per_person?: number | null
          rate_per_team?: number | null
          rate_window_seconds?: number
          updated_at?: string
        }
        Update: {
          created_at?: string
          id?: string
          name?: string
          rate_per_person?: number | null
          rate_per_team?: number | null
          rate_window_seconds?: number
          updated_at?: string
        }
        Relationships: []
      }
      usage_hourly: {
        Row: {
          duration_total_ms: number
          error_count: number
          execution_count: number
          hour: string
          last_executed_at: string
          server_id: string
          shard: number
          success_count: number
          team_id: string
          timeout_count: number
          tool_id: string
          user_id: string
        }
        Insert: {
          duration_total_ms?: number
          error_count?: number
          execution_count?: number
          hour: string
          last_executed_at: string
          server_id: string
          shard: number
          success_count?: number
          team_id: string
          timeout_count?: number
          tool_id: string
          user_id: string
        }
        Update: {
          duration_total_ms?: number
          error_count?: number
          execution_count?: number
          hour?: string
          last_executed_at?: string
          server_id?: string
          shard?: number
          success_count?: number
          team_id?: string
          timeout_count?: number
          tool_id?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'usage_hourly_team_id_fkey'
            columns: ['team_id']
            isOneToOne: false
            referencedRelation: 'teams'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'usage_of_the_teams_server'
            columns: ['team_id', 'server_id']
            isOneToOne: false
            referencedRelation: 'mcp_servers'
            referencedColumns: ['team_id', 'id']
          },
          {
            foreignKeyName: 'usage_of_the_teams_tool'
            columns: ['team_id', 'tool_id']
            isOneToOne: false
            referencedRelation: 'mcp_tools'
            referencedColumns: ['team_id', 'id']
          },
        ]
      }
      webhook_deliveries: {
        Row: {
          attempts: number
          created_at: string
          delivered_at: string | null
          event: string
          execution_id: string
          gave_up_at: string | null
          id: string
          last_error: string | null
          last_status: number | null
          leased_until: string | null
          next_at: string
          payload: Json
          team_id: string
        }
        Insert: {
          attempts?: number
          created_at?: string
          delivered_at?: string | null
          event: string
          execution_id: string
          gave_up_at?: string | null
          id?: string
          last_error?: string | null
          last_status?: number | null
          leased_until?: string | null
          next_at?: string
          payload: Json
          team_id: string
        }
        Update: {
          attempts?: number
          created_at?: string
          delivered_at?: string | null
          event?: string
          execution_id?: string
          gave_up_at?: string | null
          id?: string
          last_error?: string | null
          last_status?: number | null
          leased_until?: string | null
          next_at?: string
          payload?: Json
          team_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'delivery_of_the_teams_execution'
            columns: ['team_id', 'execution_id']
            isOneToOne: false
            referencedRelation: 'mcp_tool_executions'
            referencedColumns: ['team_id', 'id']
          },
          {
            foreignKeyName: 'delivery_to_the_teams_webhook'
            columns: ['team_id']
            isOneToOne: false
            referencedRelation: 'team_webhooks'
            referencedColumns: ['team_id']
          },
        ]
      }
    }
    Views: {
      mcp_tool_statistics: {
        Row: {
          avg_duration_ms: number | null
          error_count: number | null
          execution_count: number | null
          last_executed_at: string | null
          success_count: number | null
          team_id: string | null
          tool_id: string | null
        }
        Relationships: []
      }
    }
    Functions: {
      accept_invitations: {
        Args: never
        Returns: number
      }
      add_device: {
        Args: {
          p_user_id: string
          p_endpoint: string
          p_p256dh: string
          p_auth: string
          p_label: string
        }
        Returns: Json
      }
      add_server: {
        Args: {
          p_team_id: string
          p_user_id: string
          p_server: Json
          p_credential: Json
        }
        Returns: Database['public']['Tables']['mcp_servers']['Row'][]
      }
      answer_from_device: {
        Args: {
          p_device_id: string
          p_user_id: string
          p_team_id: string
          p_approval_id: string
          p_decision: string
        }
        Returns: Json
      }
      begin_execution: {
        Args: {
          p_user_id: string
          p_team_id: string
          p_server_id: string
          p_tool_name: string
          p_parameters: Json
          p_origin: string
          p_approved: boolean
          p_chat_id?: string
          p_message_id?: string
          p_idempotency_key?: string
          p_request_hash?: string
          p_mode?: string
          p_arguments_hash?: string
          p_after_outside?: boolean
        }
        Returns: Json
      }
      begin_sign_in: {
        Args: {
          p_flow: Json
        }
        Returns: undefined
      }
      cancel_execution: {
        Args: {
          p_execution_id: string
          p_user_id: string
        }
        Returns: boolean
      }
      claim_continuation: {
        Args: {
          p_message_id: string
          p_answer_id: string
        }
        Returns: Json
      }
      claim_deliveries: {
        Args: {
          p_limit: number
        }
        Returns: {
          id: string
          team_id: string
          attempt: number
          payload: Json
          url: string
          encrypted_value: string
          key_version: number
        }[]
      }
      claim_pushes: {
        Args: {
          p_limit: number
        }
        Returns: Json
      }
      claim_renewal: {
        Args: {
          p_team_id: string
          p_server_id: string
          p_user_id: string
          p_held: string
          p_seconds: number
        }
        Returns: Json
      }
      claim_tasks: {
        Args: {
          p_limit: number
          p_execution_id?: string
        }
        Returns: Json[]
      }
      close_turn: {
        Args: {
          p_message_id: string
          p_team_id: string
          p_status: string
          p_parts: Json
          p_metadata: Json
          p_goes_on: boolean
          p_read_outside: boolean
        }
        Returns: boolean
      }
      count_request: {
        Args: {
          p_user_id: string
          p_team_id: string
        }
        Returns: Json
      }
      create_team: {
        Args: {
          p_name: string
        }
        Returns: string
      }
      decide_approval: {
        Args: {
          p_approval_id: string
          p_user_id: string
          p_team_id: string
          p_decision: string
          p_always?: boolean
          p_edit?: Json
          p_via?: string
        }
        Returns: Json
      }
      describe_webhook: {
        Args: {
          p_team_id: string
        }
        Returns: Json
      }
      drop_team_model: {
        Args: {
          p_team_id: string
          p_user_id: string
        }
        Returns: undefined
      }
      due_checks: {
        Args: {
          p_limit: number
        }
        Returns: {
          team_id: string
          server_id: string
          url: string
          server_type: string
          config: Json
          protocol: Json
          encrypted_value: string
          key_version: number
        }[]
      }
      due_continuations: {
        Args: {
          p_limit: number
          p_execution_id?: string
        }
        Returns: string[]
      }
      end_renewal: {
        Args: {
          p_team_id: string
          p_server_id: string
          p_user_id: string
          p_held: string
          p_until: string
          p_outcome: string
          p_credential?: Json
        }
        Returns: boolean
      }
      finish_execution: {
        Args: {
          p_execution_id: string
          p_status: string
          p_duration_ms: number
          p_output?: Json
          p_error_code?: string
          p_error_message?: string
          p_protocol?: Json
          p_attempts?: Json
        }
        Returns: boolean
      }
      invite_member: {
        Args: {
          p_team_id: string
          p_email: string
          p_role?: string
        }
        Returns: string
      }
      keep_account: {
        Args: {
          p_team_id: string
          p_server_id: string
          p_user_id: string
          p_asker: string
          p_config: Json
          p_credential: Json
        }
        Returns: boolean
      }
      keep_client: {
        Args: {
          p_team_id: string
          p_server_id: string
          p_issuer: string
          p_is_given: boolean
          p_client: Json
        }
        Returns: undefined
      }
      keep_credential: {
        Args: {
          p_team_id: string
          p_server_id: string
          p_user_id: string
          p_credential: Json
        }
        Returns: undefined
      }
      keep_task: {
        Args: {
          p_execution_id: string
          p_wait: Json
          p_poll_ms: number
          p_seconds: number
        }
        Returns: boolean
      }
      keep_team_model: {
        Args: {
          p_team_id: string
          p_user_id: string
          p_model: Json
          p_sealed: Json
          p_keeps_key: boolean
        }
        Returns: undefined
      }
      keep_webhook: {
        Args: {
          p_team_id: string
          p_user_id: string
          p_url: string
          p_is_active: boolean
          p_rotate: boolean
          p_sealed: Json
        }
        Returns: boolean
      }
      let_go: {
        Args: {
          p_execution_id: string
          p_team_id: string
          p_user_id: string
        }
        Returns: boolean
      }
      memberships_of: {
        Args: {
          p_user_id: string
        }
        Returns: Json
      }
      move_device: {
        Args: {
          p_endpoint: string
          p_auth: string
          p_to_endpoint: string
          p_to_p256dh: string
          p_to_auth: string
        }
        Returns: boolean
      }
      my_accounts: {
        Args: {
          p_team_id: string
        }
        Returns: {
          server_id: string
          credential_type: string
          expires_at: string
          connected_at: string
        }[]
      }
      note_delivery: {
        Args: {
          p_delivery_id: string
          p_team_id: string
          p_attempt: number
          p_url: string
          p_status: number
          p_error: string
        }
        Returns: undefined
      }
      note_endpoint: {
        Args: {
          p_server_id: string
          p_url: string
          p_error?: string
          p_latency_ms?: number
          p_checked?: boolean
          p_answered?: boolean
        }
        Returns: undefined
      }
      note_push: {
        Args: {
          p_id: string
          p_edition: number
          p_attempt: number
          p_outcome: string
          p_retry_seconds?: number
        }
        Returns: undefined
      }
      note_webhook: {
        Args: {
          p_team_id: string
          p_url: string
          p_status: number
          p_error: string
        }
        Returns: undefined
      }
      open_turn: {
        Args: {
          p_user_id: string
          p_team_id: string
          p_chat: Json
          p_message: Json
          p_answer_id: string
          p_replaces?: string
        }
        Returns: Json
      }
      reap_executions: {
        Args: never
        Returns: number
      }
      record_sync: {
        Args: {
          p_team_id: string
          p_server_id: string
          p_tools: Json
          p_protocol: Json
          p_instructions: string
          p_fresh_seconds?: number
        }
        Returns: Json
      }
      remove_server: {
        Args: {
          p_team_id: string
          p_server_id: string
        }
        Returns: boolean
      }
      resume_execution: {
        Args: {
          p_execution_id: string
          p_user_id: string
          p_status: string
          p_answer?: Json
          p_question_id?: string
        }
        Returns: Json
      }
      save_turn: {
        Args: {
          p_message_id: string
          p_team_id: string
          p_user_id: string
          p_parts: Json
          p_read_outside: boolean
        }
        Returns: boolean
      }
      search_chats: {
        Args: {
          p_team_id: string
          p_query: string
        }
        Returns: {
          chat_id: string
          message_id: string
          title: string
          visibility: string
          archived_at: string
          excerpt: string
          found_at: string
        }[]
      }
      set_tool_policy: {
        Args: {
          p_team_id: string
          p_server_id: string
          p_tool_names: string[]
          p_policy: string
          p_allows_always?: boolean
          p_sends_out?: boolean
        }
        Returns: Json
      }
      stop_turn: {
        Args: {
          p_message_id: string
          p_team_id: string
          p_user_id: string
        }
        Returns: boolean
      }
      suspend_execution: {
        Args: {
          p_execution_id: string
          p_status: string
          p_asked: Json
          p_wait: Json
          p_seconds: number
        }
        Returns: boolean
      }
      take_sign_in: {
        Args: {
          p_state_hash: string
        }
        Returns: Json
      }
      usage_activity: {
        Args: {
          p_team_id: string
          p_from: string
          p_to: string
        }
        Returns: {
          user_id: string
          email: string
          full_name: string
          executions: number
          unique_tools: number
          last_execution: string
        }[]
      }
      usage_daily: {
        Args: {
          p_team_id: string
          p_from: string
          p_to: string
        }
        Returns: {
          date: string
          total_executions: number
          successful: number
          failed: number
          timeouts: number
          avg_duration_ms: number
        }[]
      }
      usage_errors: {
        Args: {
          p_team_id: string
          p_from: string
          p_to: string
        }
        Returns: {
          tool_name: string
          server_name: string
          error_message: string
          occurrence_count: number
          last_occurrence: string
        }[]
      }
      usage_members: {
        Args: {
          p_team_id: string
          p_from: string
          p_to: string
        }
        Returns: {
          user_id: string
          email: string
          full_name: string
          execution_count: number
          success_count: number
          error_count: number
          unique_tools: number
          avg_duration_ms: number
        }[]
      }
      usage_tools: {
        Args: {
          p_team_id: string
          p_from: string
          p_to: string
        }
        Returns: {
          server_id: string
          tool_id: string
          server_name: string
          tool_name: string
          description: string
          execution_count: number
          success_count: number
          error_count: number
          avg_duration_ms: number
          success_rate: number
        }[]
      }
      waiting_for_account: {
        Args: {
          p_team_id: string
          p_server_id: string
          p_user_id: string
        }
        Returns: string[]
      }
      watch_execution: {
        Args: {
          p_execution_id: string
          p_progress?: Json
          p_poll_ms?: number
        }
        Returns: Json
      }
    }
    Enums: { [_ in never]: never }
    CompositeTypes: { [_ in never]: never }
  }
}
