using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Springest.LocalHost.Tests;

public sealed class FunctionCheckTests
{
    private const string Storage = "UseDevelopmentStorage=true";

    [Theory]
    [InlineData(typeof(UnknownParameter), "Nothing gives its parameter 'number' of type Int32 a value.")]
    [InlineData(typeof(WrongName), "Nothing gives its parameter 'id' of type String a value.")]
    [InlineData(typeof(RouteValueOfStrangeType), "A value of the route cannot become its parameter 'id' of type Stream.")]
    [InlineData(typeof(NoTrigger), "Exactly one parameter must carry a trigger, but 0 do.")]
    [InlineData(typeof(TwoTriggers), "Exactly one parameter must carry a trigger, but 2 do.")]
    [InlineData(typeof(SameNames), "Function same (")]
    [InlineData(typeof(SameNames), "Another function has the same name.")]
    [InlineData(typeof(IllegalName), "Its name must be up to 128 letters, digits, '-' and '_', a letter first.")]
    [InlineData(typeof(NotPublic), "The method and its class must be public.")]
    [InlineData(typeof(Generic), "It must be neither generic nor abstract.")]
    [InlineData(typeof(AsyncVoid), "It is 'async void', so nobody would know when it ends. Return Task.")]
    [InlineData(typeof(CannotBeMade), "Its class cannot be made.")]
    [InlineData(typeof(HttpOfWrongType), "Its HTTP trigger must be a parameter of type HttpRequestData, not String.")]
    [InlineData(typeof(HttpReturnsText), "It must return HttpResponseData, nothing, or a task of either.")]
    [InlineData(typeof(HttpForUsers), "The level User is not supported; use Anonymous, Function, System or Admin.")]
    [InlineData(typeof(BadRoute), "Its route 'a/{b' is wrong:")]
    [InlineData(typeof(BadConstraint), "Function BadConstraint: its route 'a/{b:nonsense}' is wrong.")]
    [InlineData(typeof(SameRoutes), "Its route 'a/{other:int}' and a method are those of function One too.")]
    [InlineData(typeof(TimerOfWrongType), "Its timer trigger must be a parameter of type TimerInfo, not DateTime.")]
    [InlineData(typeof(BadSchedule), "Its schedule 'every day' is neither a cron expression of six fields")]
    [InlineData(typeof(BadRetry), "Its retry attribute is wrong.")]
    [InlineData(typeof(NegativeRetry), "Its retry count is -2 but must be 0 or more, or -1 for no limit.")]
    [InlineData(typeof(MissingSetting), "'%Not:There%' names the setting Not:There, which is missing or empty.")]
    [InlineData(typeof(EmptySetting), "names the setting Empty, which is missing or empty.")]
    [InlineData(typeof(BlobOfWrongType), "Its blob trigger must be a parameter of type BlobClient, Stream, BinaryData, byte[] or string, not TextReader.")]
    [InlineData(typeof(ShortContainer), "names the container 'ab', but a container's name is 3 to 63 lower-case letters, digits and single hyphens.")]
    [InlineData(typeof(UpperContainer), "names the container 'Certificates'")]
    [InlineData(typeof(DoubleHyphen), "names the container 'a--b'")]
    [InlineData(typeof(TwiceNamed), "holds {name} twice.")]
    [InlineData(typeof(BrokenBrace), "has a brace that is not part of a {name}.")]
    [InlineData(typeof(MissingConnection), "Its connection is the setting Elsewhere, which is missing. Give a connection string, Elsewhere__accountName or Elsewhere__blobServiceUri.")]
    [InlineData(typeof(BadConnection), "The setting Bad:Storage is not a storage connection string.")]
    public async Task A_function_that_cannot_run_is_refused_in_a_sentence(Type functions, string sentence)
    {
        var exception = await Assert.ThrowsAsync<FunctionsHostException>(() => StartAsync(functions));

        Assert.Contains(sentence, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_problem_is_told_at_once()
    {
        var exception = await Assert.ThrowsAsync<FunctionsHostException>(() => StartAsync(typeof(ManyProblems)));

        Assert.Collection(exception.Message.Split(Environment.NewLine),
            line => Assert.StartsWith($"Function First ({typeof(ManyProblems).FullName}.First): ", line, StringComparison.Ordinal),
            line => Assert.StartsWith($"Function Second ({typeof(ManyProblems).FullName}.Second): ", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{", "cannot be read")]
    [InlineData("""{ "functionTimeout": "long" }""", "functionTimeout is 'long' but must be a time such as 00:10:00, or -1 for no limit.")]
    [InlineData("""{ "functionTimeout": "00:00:00" }""", "functionTimeout is '00:00:00'")]
    [InlineData("""{ "extensions": { "blobs": { "maxDegreeOfParallelism": 0 } } }""", "extensions.blobs.maxDegreeOfParallelism is '0' but must be a whole number of 1 or more.")]
    [InlineData("""{ "extensions": { "blobs": { "poisonBlobThreshold": "x" } } }""", "extensions.blobs.poisonBlobThreshold is 'x'")]
    public async Task A_wrong_host_json_is_refused_in_a_sentence(string json, string sentence)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, json, TestContext.Current.CancellationToken);
        try
        {
            var exception = Assert.Throws<FunctionsHostException>(() => HostJson.Load(file));

            Assert.StartsWith(file, exception.Message, StringComparison.Ordinal);
            Assert.Contains(sentence, exception.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_missing_host_json_that_was_asked_for_is_an_error()
        => Assert.Contains("cannot be read", Assert.Throws<FunctionsHostException>(() => HostJson.Load("/nowhere/host.json")).Message, StringComparison.Ordinal);

    private static Task<TestHost> StartAsync(Type functions) => TestHost.StartAsync(functions, settings: new()
    {
        ["AzureWebJobsStorage"] = Storage,
        ["Empty"] = "",
        ["Bad:Storage"] = "AccountName=x;AccountKey=c2VjcmV0;Nonsense",
    });

    public static class UnknownParameter
    {
        [Function("UnknownParameter")]
        public static void Run([TimerTrigger("0 0 0 * * *")] TimerInfo timer, int number) => _ = number;
    }

    public static class WrongName
    {
        [Function("WrongName")]
        public static void Run([HttpTrigger(Route = "a/{identifier}")] HttpRequestData request, string id) => _ = id;
    }

    public static class RouteValueOfStrangeType
    {
        [Function("RouteValueOfStrangeType")]
        public static void Run([HttpTrigger(Route = "a/{id}")] HttpRequestData request, Stream id) => _ = id;
    }

    public static class NoTrigger
    {
        [Function("NoTrigger")]
        public static void Run(FunctionContext context) => _ = context;
    }

    public static class TwoTriggers
    {
        [Function("TwoTriggers")]
        public static void Run([TimerTrigger("0 0 0 * * *")] TimerInfo timer, [HttpTrigger] HttpRequestData request) => _ = request;
    }

    public static class SameNames
    {
        [Function("Same")]
        public static void One([TimerTrigger("0 0 0 * * *")] TimerInfo timer) => _ = timer;

        [Function("same")]
        public static void Two([TimerTrigger("0 0 0 * * *")] TimerInfo timer) => _ = timer;
    }

    public static class IllegalName
    {
        [Function("Dots.and blanks")]
        public static void Run([TimerTrigger("0 0 0 * * *")] TimerInfo timer) => _ = timer;
    }

    public static class NotPublic
    {
        [Function("NotPublic")]
        internal static void Run([TimerTrigger("0 0 0 * * *")] TimerInfo timer) => _ = timer;
    }

    public static class Generic
    {
        [Function("Generic")]
        public static void Run<T>([TimerTrigger("0 0 0 * * *")] TimerInfo timer) => _ = timer;
    }

    public static class AsyncVoid
    {
        [Function("AsyncVoid")]
        public static async void Run([TimerTrigger("0 0 0 * * *")] TimerInfo timer) => await Task.Yield();
    }

    public sealed class CannotBeMade
    {
        private CannotBeMade()
        {
        }

        [Function("CannotBeMade")]
        public void Run([TimerTrigger("0 0 0 * * *")] TimerInfo timer) => _ = this;
    }

    public static class HttpOfWrongType
    {
        [Function("HttpOfWrongType")]
        public static void Run([HttpTrigger] string request) => _ = request;
    }

    public static class HttpReturnsText
    {
        [Function("HttpReturnsText")]
        public static string Run([HttpTrigger] HttpRequestData request) => $"{request}";
    }

    public static class HttpForUsers
    {
        [Function("HttpForUsers")]
        public static void Run([HttpTrigger(AuthorizationLevel.User)] HttpRequestData request) => _ = request;
    }

    public static class BadRoute
    {
        [Function("BadRoute")]
        public static void Run([HttpTrigger(Route = "a/{b")] HttpRequestData request) => _ = request;
    }

    public static class BadConstraint
    {
        [Function("BadConstraint")]
        public static void Run([HttpTrigger(Route = "a/{b:nonsense}")] HttpRequestData request) => _ = request;
    }

    public static class SameRoutes
    {
        [Function("One")]
        public static void One([HttpTrigger(AuthorizationLevel.Function, "get", "put", Route = "A/{one:int}")] HttpRequestData request) => _ = request;

        [Function("Different")]
        public static void Different([HttpTrigger(AuthorizationLevel.Function, "post", Route = "a/{two:int}")] HttpRequestData request) => _ = request;

        [Function("Two")]
        public static void Two([HttpTrigger(AuthorizationLevel.Function, "PUT", Route = "a/{other:int}")] HttpRequestData request) => _ = request;
    }

    public static class TimerOfWrongType
    {
        [Function("TimerOfWrongType")]
        public static void Run([TimerTrigger("0 0 0 * * *")] DateTime timer) => _ = timer;
    }

    public static class BadSchedule
    {
        [Function("BadSchedule")]
        public static void Run([TimerTrigger("every day")] TimerInfo timer) => _ = timer;
    }

    public static class BadRetry
    {
        [Function("BadRetry")]
        [FixedDelayRetry(3, "a while")]
        public static void Run([TimerTrigger("0 0 0 * * *")] TimerInfo timer) => _ = timer;
    }

    public static class NegativeRetry
    {
        [Function("NegativeRetry")]
        [ExponentialBackoffRetry(-2, "00:00:01", "00:00:02")]
        public static void Run([TimerTrigger("0 0 0 * * *")] TimerInfo timer) => _ = timer;
    }

    public static class MissingSetting
    {
        [Function("MissingSetting")]
        public static void Run([TimerTrigger("%Not:There%")] TimerInfo timer) => _ = timer;
    }

    public static class EmptySetting
    {
        [Function("EmptySetting")]
        public static void Run([BlobTrigger("%Empty%/{name}")] string blob) => _ = blob;
    }

    public static class BlobOfWrongType
    {
        [Function("BlobOfWrongType")]
        public static void Run([BlobTrigger("container/{name}")] TextReader blob) => _ = blob;
    }

    public static class ShortContainer
    {
        [Function("ShortContainer")]
        public static void Run([BlobTrigger("ab/{name}")] string blob) => _ = blob;
    }

    public static class UpperContainer
    {
        [Function("UpperContainer")]
        public static void Run([BlobTrigger("Certificates/{name}")] string blob) => _ = blob;
    }

    public static class DoubleHyphen
    {
        [Function("DoubleHyphen")]
        public static void Run([BlobTrigger("a--b/{name}")] string blob) => _ = blob;
    }

    public static class TwiceNamed
    {
        [Function("TwiceNamed")]
        public static void Run([BlobTrigger("container/{name}/{name}")] string blob) => _ = blob;
    }

    public static class BrokenBrace
    {
        [Function("BrokenBrace")]
        public static void Run([BlobTrigger("container/{name}/}")] string blob) => _ = blob;
    }

    public static class MissingConnection
    {
        [Function("MissingConnection")]
        public static void Run([BlobTrigger("container/{name}", Connection = "Elsewhere")] string blob) => _ = blob;
    }

    public static class BadConnection
    {
        [Function("BadConnection")]
        public static void Run([BlobTrigger("container/{name}", Connection = "Bad:Storage")] string blob) => _ = blob;
    }

    public static class ManyProblems
    {
        [Function("First")]
        public static void First([TimerTrigger("never")] TimerInfo timer) => _ = timer;

        [Function("Second")]
        public static void Second([BlobTrigger("x/{name}")] string blob) => _ = blob;
    }
}
