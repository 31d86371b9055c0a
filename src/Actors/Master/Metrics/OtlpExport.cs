using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace SaltActors.Actors.Master.Metrics;

/// <summary>Sends a meter's figures to a collector by OTLP, each minute and once more at the end.</summary>
/// <remarks>An address with a path is spoken to in HTTP (<c>http://collector:4318/v1/metrics</c>), one without in gRPC (<c>http://collector:4317</c>). A collector that does not answer is only missed there.</remarks>
internal static class OtlpExport
{
    internal static IDisposable Start(string meter, Uri collector) => Sdk.CreateMeterProviderBuilder()
        .ConfigureResource(resource => resource.AddService("salt-master", serviceVersion: Core.Identity.SaltVersion.Text, serviceInstanceId: Environment.MachineName))
        .AddMeter(meter)
        .AddOtlpExporter(exporter =>
        {
            exporter.Endpoint = collector;
            exporter.Protocol = collector.AbsolutePath.Length > 1 ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        })
        .Build();
}
