// Who may do what: every role assignment of the deployment. Tests compute from it what everybody can read and write.
import { tables, mirrorTables, containers, erasedContainers } from 'names.bicep'

param suffix string
param appPrincipalId string
param topicPrincipalId string
param officeGroupId string
param analystGroupId string
param storageName string
param vaultName string
param insightsName string

var roles = {
  blobContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe' // Storage Blob Data Contributor
  blobReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1' // Storage Blob Data Reader
  queueContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88' // Storage Queue Data Contributor
  tableContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' // Storage Table Data Contributor
  tableReader: '76199698-9eea-4c19-bc75-cec21354c6b6' // Storage Table Data Reader
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6' // Key Vault Secrets User
  metricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb' // Monitoring Metrics Publisher
}

resource storage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource container 'containers' existing = [for each in containers: { name: each }]

    resource deadLetters 'containers' existing = {
      name: 'dead-letters'
    }

    resource snapshots 'containers' existing = {
      name: 'catalogue-exports'
    }

    resource drop 'containers' existing = {
      name: 'certificates'
    }

    resource done 'containers' existing = [
      for each in ['certificates-accepted', 'certificates-rejected']: { name: each }
    ]
  }

  resource tableService 'tableServices' existing = {
    name: 'default'

    resource table 'tables' existing = [for each in tables: { name: each }]

    resource mirror 'tables' existing = [for each in mirrorTables: { name: each }]
  }
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

// What a Storage Blob Data Contributor may, and to remove earlier versions; not to remove the container.
resource eraser 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'eraser')
  properties: {
    roleName: 'Springest blob eraser ${suffix}'
    description: 'Reads, writes and removes blobs with their versions.'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: [
          'Microsoft.Storage/storageAccounts/blobServices/containers/read'
          'Microsoft.Storage/storageAccounts/blobServices/containers/write'
        ]
        dataActions: [
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write'
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action'
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete'
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/deleteBlobVersion/action'
        ]
      }
    ]
  }
}

// The Functions host lists containers to see whether storage is there.
resource lister 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'lister')
  properties: {
    roleName: 'Springest container lister ${suffix}'
    description: 'Lists the names of containers; reads nothing in them.'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: [
          'Microsoft.Storage/storageAccounts/blobServices/read'
          'Microsoft.Storage/storageAccounts/blobServices/containers/read'
        ]
      }
    ]
  }
}

resource appInTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (each, i) in tables: {
    scope: storage::tableService::table[i]
    name: guid(storage::tableService::table[i].id, appPrincipalId, roles.tableContributor)
    properties: {
      principalId: appPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.tableContributor)
    }
  }
]

// The host's own containers are among them: its locks and notes in one, its keys in another.
resource appInContainers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (each, i) in containers: {
    scope: storage::blobs::container[i]
    name: guid(
      storage::blobs::container[i].id,
      appPrincipalId,
      contains(erasedContainers, each) ? 'eraser' : roles.blobContributor
    )
    properties: {
      principalId: appPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: contains(erasedContainers, each)
        ? eraser.id
        : subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobContributor)
    }
  }
]

// The host makes its queues by names of its own choice.
resource appInQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: storage
  name: guid(storage.id, appPrincipalId, roles.queueContributor)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.queueContributor)
  }
}

resource appListsContainers 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: storage
  name: guid(storage.id, appPrincipalId, 'lister')
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: lister.id
  }
}

resource appInVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, appPrincipalId, roles.secretsUser)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.secretsUser)
  }
}

resource appInInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, appPrincipalId, roles.metricsPublisher)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.metricsPublisher)
  }
}

// Event Grid: the container for what it could not deliver, nothing else.
resource topicInDeadLetters 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: storage::blobs::deadLetters
  name: guid(storage::blobs::deadLetters.id, topicPrincipalId, roles.blobContributor)
  properties: {
    principalId: topicPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobContributor)
  }
}

// People: the office drops certificates and reads what became of them; analysts read the mirror.
resource officeInDrop 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(officeGroupId)) {
  scope: storage::blobs::drop
  name: guid(storage::blobs::drop.id, officeGroupId, roles.blobContributor)
  properties: {
    principalId: officeGroupId
    principalType: 'Group'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobContributor)
  }
}

resource officeInDone 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for i in range(0, empty(officeGroupId) ? 0 : 2): {
    scope: storage::blobs::done[i]
    name: guid(storage::blobs::done[i].id, officeGroupId, roles.blobReader)
    properties: {
      principalId: officeGroupId
      principalType: 'Group'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobReader)
    }
  }
]

resource analystsInTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for i in range(0, empty(analystGroupId) ? 0 : length(mirrorTables)): {
    scope: storage::tableService::mirror[i]
    name: guid(storage::tableService::mirror[i].id, analystGroupId, roles.tableReader)
    properties: {
      principalId: analystGroupId
      principalType: 'Group'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.tableReader)
    }
  }
]

resource analystsInSnapshots 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(analystGroupId)) {
  scope: storage::blobs::snapshots
  name: guid(storage::blobs::snapshots.id, analystGroupId, roles.blobReader)
  properties: {
    principalId: analystGroupId
    principalType: 'Group'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobReader)
  }
}
