"""The HR page at /hr/: what an office does every day, in the browser, without JavaScript.

It reads the records itself and writes through the API's own endpoints, in process, so each rule holds in one place.
"""
