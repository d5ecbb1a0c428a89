// Everything that the app remembers: tables, containers, and the host's own files. Opened by Entra identities only.
import { tables, containers } from 'names.bicep'

param name string
param location string
param tags object
param redundancy string
param keepAcceptedDays int
param keepRejectedDays int
param isPrivate bool
param openTo string[]

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: redundancy }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    // Nothing is copied in from accounts of other organisations.
    allowedCopyScope: 'AAD'
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate && empty(openTo) ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      // Event Grid writes dead letters from outside the network, with an identity of its own.
      bypass: 'AzureServices'
      ipRules: [for address in openTo: { value: address, action: 'Allow' }]
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      isVersioningEnabled: true
      deleteRetentionPolicy: { enabled: true, days: 7 }
      containerDeleteRetentionPolicy: { enabled: true, days: 7 }
    }

    resource container 'containers' = [
      for each in containers: {
        name: each
        properties: { publicAccess: 'None' }
      }
    ]
  }

  resource tableService 'tableServices' = {
    name: 'default'

    resource table 'tables' = [
      for each in tables: {
        name: each
      }
    ]
  }

  resource queueService 'queueServices' = {
    name: 'default'
  }

  resource rules 'managementPolicies' = {
    name: 'default'
    properties: { policy: { rules: concat(versionRules, ageRules, certificateRules) } }
    dependsOn: [blobs]
  }
}

// Versions are for certificates; those of what the app and its host write over and over are of no use to anybody.
var versionRules = [
  {
    name: 'forget-versions-of-certificates'
    type: 'Lifecycle'
    enabled: true
    definition: {
      filters: {
        blobTypes: ['blockBlob', 'appendBlob']
        prefixMatch: ['certificates/', 'certificates-accepted/', 'certificates-rejected/', 'certificate-ledger/']
      }
      actions: { version: { delete: { daysAfterCreationGreaterThan: 30 } } }
    }
  }
  {
    name: 'forget-versions-of-the-rest'
    type: 'Lifecycle'
    enabled: true
    definition: {
      filters: {
        blobTypes: ['blockBlob', 'appendBlob']
        prefixMatch: [
          'azure-webjobs-hosts/'
          'azure-webjobs-secrets/'
          'webhook-bodies/'
          'catalogue-records/'
          'catalogue-exports/'
          'packages/'
          'dead-letters/'
        ]
      }
      actions: { version: { delete: { daysAfterCreationGreaterThan: 1 } } }
    }
  }
]

// What the host and Event Grid write, and nobody removes.
var ageRules = [
  {
    name: 'remove-receipts-and-dead-letters'
    type: 'Lifecycle'
    enabled: true
    definition: {
      filters: {
        blobTypes: ['blockBlob', 'appendBlob']
        prefixMatch: ['azure-webjobs-hosts/blobreceipts/', 'dead-letters/']
      }
      actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 14 } } }
    }
  }
]

// Append blobs too: the app takes them as files.
var certificateRules = [
  for each in filter(
    [
      { container: 'certificates-accepted', days: keepAcceptedDays }
      { container: 'certificates-rejected', days: keepRejectedDays }
    ],
    each => each.days > 0
  ): {
    name: 'remove-${each.container}'
    type: 'Lifecycle'
    enabled: true
    definition: {
      filters: { blobTypes: ['blockBlob', 'appendBlob'], prefixMatch: ['${each.container}/'] }
      actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: each.days } } }
    }
  }
]

output name string = account.name
